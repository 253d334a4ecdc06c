package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.Route;
import dev.ebb.cli.demo.relay.Delay;
import dev.ebb.cli.demo.relay.RelayNote;
import dev.ebb.cli.demo.relay.SlowRelay;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;

/// The service in the mesh: two client proxies, the slow one behind the relay, and replicas under
/// `ebb-await --hold`, each beside its own proxy. TERM goes to `ebb-await` alone; all the rest is
/// Ebb's.
final class MeshStage implements Stage {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(20);

    private final DemoSettings settings;
    private final Mesh mesh;
    private final ControlPlane controlPlane;
    private final Evidence evidence;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final ManagedChannel channel;
    private final Queue<RelayNote> relayed = new ConcurrentLinkedQueue<>();
    private final SlowRelay relay;
    private final List<Mesh.Client> clients = new ArrayList<>();
    private final List<MeshReplica> replicas = new ArrayList<>();
    private final List<Departure> departures = new ArrayList<>();

    MeshStage(DemoSettings settings, Mesh mesh, ControlPlane controlPlane, Evidence evidence) {
        this.settings = settings;
        this.mesh = mesh;
        this.controlPlane = controlPlane;
        this.evidence = evidence;
        this.channel =
                NettyChannelBuilder.forAddress("127.0.0.1", controlPlane.port())
                        .usePlaintext()
                        .build();
        this.relay =
                SlowRelay.start(channel, Delay.of(settings.slowClient(), timer), 0, relayed::add);
    }

    @Override
    public void start() throws InterruptedException {
        clients.add(mesh.client("client-fast", controlPlane.port()));
        clients.add(mesh.client("client-slow", relay.port()));
        Set<String> names = new HashSet<>();
        for (int i = 0; i < DemoSettings.REPLICAS; i++) {
            MeshReplica replica = mesh.replica(controlPlane.port());
            replicas.add(replica);
            names.add(replica.name());
        }
        controlPlane.awaitReady(names, replicas.getFirst().proxy());
        Duration limit = START.plus(settings.slowClient());
        for (Mesh.Client client : clients) {
            Probe.await(
                    "an answer through it",
                    limit,
                    client.proxy(),
                    () -> Probe.get(client.outbound(), "/", Mesh.AUTHORITY).isPresent());
        }
        controlPlane.awaitWarm();
    }

    @Override
    public List<Caller> callers() {
        return clients.stream().map(client -> new Caller(client.name(), route(client))).toList();
    }

    @Override
    public Restart replace(int position) throws InterruptedException {
        MeshReplica leaving = replicas.get(position);
        long told = System.currentTimeMillis();
        leaving.await().terminate();
        if (leaving.await().awaitExit(settings.grace().plus(END)).isEmpty()) {
            throw Probe.failure(leaving.await(), "it runs on", "its end after TERM");
        }
        long exit = System.currentTimeMillis();
        if (leaving.proxy().awaitExit(END).isEmpty()) {
            throw Probe.failure(leaving.proxy(), "it runs on", "its end after its application's");
        }
        long gone = System.currentTimeMillis();
        Optional<Departure> departure = controlPlane.departure(leaving.name());
        long began = System.currentTimeMillis() - departure.map(Departure::ageMs).orElse(0L);
        departure.ifPresent(departures::add);

        MeshReplica replacement = mesh.replica(controlPlane.port());
        controlPlane.awaitReady(Set.of(replacement.name()), replacement.proxy());
        replicas.set(position, replacement);
        Optional<Long> released = departure.map(Departure::releasedMs);
        return new Restart(
                leaving.name(),
                told,
                departure.isPresent() ? began : 0,
                released.map(after -> began + after).orElse(0L),
                evidence.termOf(leaving.name()),
                exit,
                gone,
                System.currentTimeMillis());
    }

    @Override
    public List<Departure> collect() {
        for (Mesh.Client client : clients) {
            String metrics =
                    Probe.get(client.admin(), "/metrics", "127.0.0.1")
                            .orElseThrow(() ->
                                    Probe.failure(
                                            client.proxy(),
                                            "no answer",
                                            "GET /metrics answered with 200"));
            evidence.write(client.name() + ".metrics", metrics.lines());
        }
        evidence.write("relay.tsv", relayed.stream().map(RelayNote::line));
        return departures;
    }

    /// What a user may try on the mesh while it runs.
    Stream<String> hints() {
        return Stream.concat(
                Stream.of(
                        "curl -i -H 'Host: %s' http://127.0.0.1:%d/"
                                .formatted(Mesh.AUTHORITY, clients.getFirst().outbound()),
                        "./ebb endpoints %s --control-plane 127.0.0.1:%d"
                                .formatted(Mesh.DESTINATION, controlPlane.port()),
                        "./ebb drain status --control-plane 127.0.0.1:%d"
                                .formatted(controlPlane.port())),
                replicas.stream()
                        .map(replica ->
                                "kill -TERM %d    # %s leaves; admin port %d"
                                        .formatted(
                                                replica.await().pid(),
                                                replica.name(),
                                                replica.admin())));
    }

    @Override
    public void close() {
        relay.close();
        channel.shutdownNow();
        timer.shutdownNow();
        for (MeshReplica replica : replicas) {
            replica.await().kill();
            replica.proxy().kill();
        }
        clients.forEach(client -> client.proxy().kill());
    }

    private static Route route(Mesh.Client client) {
        return Route.through(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), client.outbound()));
    }
}
