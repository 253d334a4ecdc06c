package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import dev.ebb.cli.demo.relay.Delay;
import dev.ebb.cli.demo.relay.SlowRelay;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.inspect.DeparturesReport;
import dev.ebb.cli.inspect.InspectClient;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.proto.destination.v1.EndpointsResponse;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;

/// The demo's mesh as a test wants it: the same programs as processes, the same slow client, any
/// number of services, and a control plane that can be killed and started again.
///
/// Ends all of them when it is closed. Safe for use by several threads, one a service.
final class ProcessMesh implements AutoCloseable {
    static final int RATE = 120;

    private static final Path HOME = Path.of(System.getProperty("ebb.home", ".."));

    private final Path directory;
    private final Map<String, String> proxySettings;
    private final DemoSettings settings;
    private final Children children;
    private final FreePorts ports = new FreePorts();
    private final Mesh parts;
    private final int controlPort = ports.next();
    private final ManagedChannel channel;

    /// What is still on the slow wire at the end is dropped.
    private final ScheduledExecutorService timer =
            new ScheduledThreadPoolExecutor(1, new ThreadPoolExecutor.DiscardPolicy());

    private final Queue<SlowRelay> relays = new ConcurrentLinkedQueue<>();
    private final Queue<MeshService> services = new ConcurrentLinkedQueue<>();
    private final InspectClient inspect;
    private final Mesh.Client fast;
    private final Mesh.Client slow;
    private volatile Child controlPlane;

    /// Starts the control plane, which can tell at once, and two clients.
    ///
    /// @param lag of the slow client
    /// @param proxySettings the environment of every proxy, over what it needs
    ProcessMesh(Path directory, Duration lag, Map<String, String> proxySettings) {
        this.directory = directory;
        this.proxySettings = proxySettings;
        settings =
                new DemoSettings(
                        HOME,
                        List.of(Scenario.EBB),
                        lag,
                        Duration.ZERO,
                        RATE,
                        1,
                        Optional.of(directory),
                        DemoSettings.After.END);
        children = new Children(directory.resolve("logs"));
        parts = parts("clients", Map.of());
        controlPlane = controlPlane("0s");
        channel = NettyChannelBuilder.forAddress("127.0.0.1", controlPort).usePlaintext().build();
        inspect = new InspectClient(loopback(controlPort), Duration.ofSeconds(3));
        fast = client("client-fast");
        slow = parts.client("client-slow", relay(SlowRelay.start(channel, by(lag), 0, _ -> {})));
    }

    /// A service without replicas.
    ///
    /// @param name the first label of its authority, and of the names of its replicas
    /// @param special the environment of its proxies, over what all have
    MeshService service(String name, Map<String, String> special) {
        MeshService service = new MeshService(this, parts(name, special), evidence(name));
        services.add(service);
        return service;
    }

    Mesh.Client fast() {
        return fast;
    }

    /// The client that learns all changes after the lag.
    Mesh.Client slow() {
        return slow;
    }

    /// One client more.
    synchronized Mesh.Client client(String name) {
        return parts.client(name, controlPort);
    }

    /// One client more, which learns all changes after the lag, and whose acknowledgements are not
    /// its own.
    synchronized Mesh.Client client(String name, Duration lag, Acknowledgements acknowledgements) {
        var forged = ClientInterceptors.intercept(channel, acknowledgements);
        return parts.client(name, relay(SlowRelay.start(forged, by(lag), 0, _ -> {})));
    }

    /// KILL.
    void killControlPlane() {
        controlPlane.kill();
    }

    /// Starts a fresh control plane at the address of the old one.
    ///
    /// @param warmUp how long it cannot tell who may be released
    void startControlPlane(Duration warmUp) {
        controlPlane = controlPlane(warmUp.toSeconds() + "s");
        // The relay stands for a slow wire, and a wire has no backoff of its own.
        channel.resetConnectBackoff();
    }

    /// STOP: the process answers nothing any more, and its sockets stay open.
    void freeze(Mesh.Client frozen) throws IOException, InterruptedException {
        signal("STOP", frozen.proxy());
    }

    /// CONT.
    void thaw(Mesh.Client frozen) throws IOException, InterruptedException {
        signal("CONT", frozen.proxy());
    }

    @Override
    public void close() {
        services.forEach(MeshService::close);
        inspect.close();
        relays.forEach(SlowRelay::close);
        channel.shutdownNow();
        timer.shutdownNow();
        children.close();
    }

    Child controlPlane() {
        return controlPlane;
    }

    int controlPort() {
        return controlPort;
    }

    /// Where what a child prints goes.
    Path log(String child) {
        return directory.resolve("logs").resolve(child + ".log");
    }

    /// How many endpoints of the destination are published.
    int endpoints(String destination) {
        try {
            return inspect.endpoints(destination)
                    .map(EndpointsResponse::getEndpointsCount)
                    .orElse(0);
        } catch (CommandFailure e) {
            // It does not listen yet.
            return 0;
        }
    }

    /// What the control plane tells of an instance's departure.
    Optional<DeparturesReport.Departure> departure(String instance) {
        return DeparturesReport.of(inspect.departures(instance)).departures().stream().findFirst();
    }

    private Mesh parts(String name, Map<String, String> special) {
        Map<String, String> all = new HashMap<>(proxySettings);
        all.putAll(special);
        return new Mesh(settings, children, ports, evidence(name), name + ".demo", all);
    }

    private Evidence evidence(String name) {
        return new Evidence(directory, name);
    }

    private int relay(SlowRelay relay) {
        relays.add(relay);
        return relay.port();
    }

    private Delay by(Duration lag) {
        return Delay.of(lag, timer);
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

    private static void signal(String name, Child child) throws IOException, InterruptedException {
        int exit = new ProcessBuilder("kill", "-" + name, "" + child.pid()).start().waitFor();
        if (exit != 0) {
            throw new IllegalStateException("kill -%s: %d (expected: 0)".formatted(name, exit));
        }
    }

    static InetSocketAddress loopback(int port) {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    }
}
