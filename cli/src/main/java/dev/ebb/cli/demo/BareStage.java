package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.LaggingEndpoints;
import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The service without a mesh: clients balance over endpoint lists that lag. Removal from the lists
/// and TERM begin together, as in Kubernetes; a guessed wait may hold TERM back.
final class BareStage implements Stage {
    private static final Duration START = Duration.ofSeconds(30);
    private static final Duration END = Duration.ofSeconds(20);

    private final DemoSettings settings;
    private final Duration guess;
    private final Children children;
    private final FreePorts ports;
    private final Evidence evidence;
    private final List<Replica> replicas = new ArrayList<>();
    private final List<LaggingEndpoints> lists = new ArrayList<>();
    private int started;

    private record Replica(String name, Child web, int port) {
        InetSocketAddress address() {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
    }

    /// @param guess the wait between the removal from the lists and TERM
    BareStage(
            DemoSettings settings,
            Duration guess,
            Children children,
            FreePorts ports,
            Evidence evidence) {
        this.settings = settings;
        this.guess = guess;
        this.children = children;
        this.ports = ports;
        this.evidence = evidence;
    }

    @Override
    public void start() throws InterruptedException {
        for (int i = 0; i < DemoSettings.REPLICAS; i++) {
            replicas.add(launch());
        }
        for (Replica replica : replicas) {
            awaitServing(replica);
        }
        lists.add(new LaggingEndpoints(addresses(), settings.smallLag(), System::nanoTime));
        lists.add(new LaggingEndpoints(addresses(), settings.slowLag(), System::nanoTime));
    }

    @Override
    public List<Caller> callers() {
        return List.of(
                new Caller("client-fast", lists.getFirst()),
                new Caller("client-slow", lists.getLast()));
    }

    @Override
    public Restart replace(int position) throws InterruptedException {
        Replica leaving = replicas.remove(position);
        long told = System.currentTimeMillis();
        publish();
        Thread.sleep(guess);
        leaving.web().terminate();
        if (leaving.web().awaitExit(END).isEmpty()) {
            throw Probe.failure(leaving.web(), "it runs on", "its end after TERM");
        }
        long exit = System.currentTimeMillis();

        Replica replacement = launch();
        awaitServing(replacement);
        replicas.add(position, replacement);
        publish();
        return new Restart(
                leaving.name(),
                told,
                0,
                0,
                evidence.termOf(leaving.name()),
                exit,
                exit,
                System.currentTimeMillis());
    }

    @Override
    public List<Departure> collect() {
        return List.of();
    }

    @Override
    public void close() {
        replicas.forEach(replica -> replica.web().kill());
    }

    private Replica launch() {
        String name = "web-" + ++started;
        int port = ports.next();
        List<String> command =
                Program.WEB.command(
                        settings.home(),
                        List.of(name, String.valueOf(port), evidence.origins().toString()));
        Child web = children.start(evidence.scenario() + "/" + name, command, Map.of());
        return new Replica(name, web, port);
    }

    private static void awaitServing(Replica replica) throws InterruptedException {
        Probe.await(
                "a port that accepts", START, replica.web(), () -> Probe.accepts(replica.port()));
    }

    private void publish() {
        List<InetSocketAddress> addresses = addresses();
        lists.forEach(list -> list.publish(addresses));
    }

    private List<InetSocketAddress> addresses() {
        return replicas.stream().map(Replica::address).toList();
    }
}
