package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.load.Route;
import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import dev.ebb.cli.demo.relay.Delay;
import dev.ebb.cli.demo.relay.SlowRelay;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Judge;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.inspect.DeparturesReport;
import dev.ebb.cli.inspect.InspectClient;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/// The demo's mesh as a test wants it: the same programs as processes, the same slow client, the
/// same load and the same judge, and a control plane that can be killed and started again.
///
/// Ends all of them when it is closed. Used by one thread, but for [#leave].
final class ProcessMesh implements AutoCloseable {
    private static final Path HOME = Path.of(System.getProperty("ebb.home", ".."));
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(60);
    private static final int RATE = 120;

    private final Path logs;
    private final Children children;
    private final FreePorts ports = new FreePorts();
    private final Evidence evidence;
    private final Mesh mesh;
    private final int controlPort = ports.next();
    private final ManagedChannel channel;

    /// What is still on the slow wire at the end is dropped.
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());

    private final SlowRelay relay;
    private final InspectClient inspect;
    private final List<Mesh.Client> clients = new ArrayList<>();
    private final List<MeshReplica> replicas = new ArrayList<>();
    private final Queue<Restart> restarts = new ConcurrentLinkedQueue<>();
    private final Queue<RequestRecord> requests = new ConcurrentLinkedQueue<>();
    private final RawClient client = new RawClient(Mesh.AUTHORITY, END);
    private Child controlPlane;

    /// Starts the control plane, which can tell at once.
    ///
    /// @param lag of the slow client
    /// @param proxySettings the environment of every proxy, beside what it needs
    ProcessMesh(Path directory, Duration lag, Map<String, String> proxySettings) {
        DemoSettings settings =
                new DemoSettings(
                        HOME,
                        List.of(Scenario.EBB),
                        lag,
                        Duration.ZERO,
                        RATE,
                        1,
                        Optional.of(directory),
                        DemoSettings.After.END);
        logs = directory.resolve("logs");
        children = new Children(logs);
        evidence = new Evidence(directory, "ebb");
        mesh = new Mesh(settings, children, ports, evidence, proxySettings);
        controlPlane = controlPlane("0s");
        channel = NettyChannelBuilder.forAddress("127.0.0.1", controlPort).usePlaintext().build();
        relay = SlowRelay.start(channel, Delay.of(lag, timer), 0, _ -> {});
        inspect = new InspectClient(loopback(controlPort), Duration.ofSeconds(3));
    }

    /// Starts this many replicas and the two clients, `client-fast` and `client-slow`; returns when
    /// every client gets answers and knows all replicas.
    void serve(int count) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            replicas.add(mesh.replica(controlPort));
        }
        clients.add(mesh.client("client-fast", controlPort));
        clients.add(mesh.client("client-slow", relay.port()));
        Probe.await(count + " ready endpoints", START, controlPlane, () -> endpoints() == count);
        for (Mesh.Client each : clients) {
            Probe.await("an answer through it", START, each.proxy(), () -> answers(each));
        }
    }

    MeshReplica replica(int position) {
        return replicas.get(position);
    }

    /// One client more, which has had an answer.
    Mesh.Client oneMoreClient(String name) throws InterruptedException {
        Mesh.Client more = mesh.client(name, controlPort);
        Probe.await("an answer through it", START, more.proxy(), () -> answers(more));
        return more;
    }

    /// Sends a steady load through the fast and the slow client, each request once, until the load
    /// is stopped.
    Load load(String run) {
        List<Caller> callers =
                clients.stream().map(each -> new Caller(each.name(), route(each))).toList();
        return Load.start(new Load.Settings(run, RATE, callers), client, requests::add);
    }

    /// KILL.
    void killControlPlane() {
        controlPlane.kill();
    }

    /// Starts a fresh control plane at the address of the old one, with the warm-up that it has in
    /// production.
    void startControlPlane() {
        controlPlane = controlPlane("10s");
        // The relay stands for a slow wire, and a wire has no backoff of its own.
        channel.resetConnectBackoff();
    }

    /// Sends TERM to a replica's application and blocks until its proxy has ended as well.
    Restart leave(MeshReplica replica) {
        try {
            long told = System.currentTimeMillis();
            replica.await().terminate();
            if (replica.await().awaitExit(END).isEmpty()) {
                throw Probe.failure(replica.await(), "it runs on", "its end after TERM");
            }
            long exit = System.currentTimeMillis();
            if (replica.proxy().awaitExit(END).isEmpty()) {
                throw Probe.failure(replica.proxy(), "it runs on", "its end");
            }
            long gone = System.currentTimeMillis();
            long term = evidence.termOf(replica.name());
            Restart restart = new Restart(replica.name(), told, 0, 0, term, exit, gone, gone);
            restarts.add(restart);
            return restart;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /// STOP: the process answers nothing any more, and its sockets stay open.
    void freeze(Mesh.Client frozen) throws IOException, InterruptedException {
        signal("STOP", frozen.proxy());
    }

    /// CONT.
    void thaw(Mesh.Client frozen) throws IOException, InterruptedException {
        signal("CONT", frozen.proxy());
    }

    /// Sends one request through a client and returns whether a 200 came back.
    boolean answers(Mesh.Client through) {
        return Probe.get(through.outbound(), "/", Mesh.AUTHORITY).isPresent();
    }

    /// What the control plane tells of an instance's departure.
    Optional<DeparturesReport.Departure> departure(MeshReplica replica) {
        return DeparturesReport.of(inspect.departures(replica.name())).departures().stream()
                .findFirst();
    }

    /// What the log of a replica's proxy says.
    String log(String replica) {
        try {
            return Files.readString(logs.resolve("ebb").resolve(replica + "-proxy.log"));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /// Everything that was sent and everything that the replicas recorded, judged.
    ScenarioResult judge() {
        for (Mesh.Client each : clients) {
            Probe.get(each.admin(), "/metrics", "127.0.0.1")
                    .ifPresent(
                            metrics -> evidence.write(each.name() + ".metrics", metrics.lines()));
        }
        evidence.write(List.copyOf(requests), List.copyOf(restarts), List.of());
        return Judge.judge(evidence.read());
    }

    @Override
    public void close() {
        client.close();
        inspect.close();
        relay.close();
        channel.shutdownNow();
        timer.shutdownNow();
        children.close();
    }

    private Child controlPlane(String warmUp) {
        List<String> arguments =
                List.of(
                        "standalone",
                        "--listen",
                        "127.0.0.1:" + controlPort,
                        "--admin-listen",
                        "127.0.0.1:0",
                        "--warm-up",
                        warmUp);
        return children.start(
                "control-plane", Program.CONTROL_PLANE.command(HOME, arguments), Map.of());
    }

    private int endpoints() {
        try {
            return inspect.endpoints(Mesh.DESTINATION)
                    .map(EndpointsResponse::getEndpointsCount)
                    .orElse(0);
        } catch (CommandFailure e) {
            // It does not listen yet.
            return 0;
        }
    }

    private static void signal(String name, Child child) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, "" + child.pid()).start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("kill -%s: %d (expected: 0)".formatted(name, exit));
        }
    }

    private static Route route(Mesh.Client client) {
        return Route.through(loopback(client.outbound()));
    }

    private static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
