package dev.ebb.e2e.containers;

import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.Logs;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.InspectGrpc;
import dev.ebb.proto.destination.v1.PublishedEndpoint;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;

/// A mesh of plain containers on a network of its own: a control plane in `standalone` mode, where
/// proxies register what they serve. Re-sending is off everywhere, so that the hold is seen alone.
/// Not thread-safe.
public final class ContainerMesh implements AutoCloseable {
    /// What the web service is called.
    static final String SERVICE = "web.containers:80";

    static final String CONTROL_PLANE = "control-plane:8086";

    private static final int PORT = 8086;
    private static final Duration START = Duration.ofMinutes(2);
    private static final Duration ANSWER = Duration.ofSeconds(10);

    /// What a client runs.
    private static final List<String> LOAD =
            List.of("load", "--to=" + SERVICE, "--through=127.0.0.1:4140", "--rate=20");

    private final Network network;
    private final GenericContainer<?> controlPlane;
    private final ManagedChannel channel;
    private final List<Member> members = new ArrayList<>();

    private ContainerMesh(
            Network network, GenericContainer<?> controlPlane, ManagedChannel channel) {
        this.network = network;
        this.controlPlane = controlPlane;
        this.channel = channel;
    }

    /// Starts the control plane and waits until it can tell whether a departure is released.
    static ContainerMesh start() {
        Network network = Network.newNetwork();
        GenericContainer<?> controlPlane =
                Member.container("ebb-control-plane")
                        .withNetwork(network)
                        .withNetworkAliases("control-plane")
                        .withExposedPorts(PORT)
                        .withCommand("standalone", "--listen", "0.0.0.0:" + PORT, "--warm-up", "1s")
                        .waitingFor(Wait.forLogMessage(".*Control plane started.*\\n", 1));
        controlPlane.start();
        ManagedChannel channel =
                NettyChannelBuilder.forAddress(
                                controlPlane.getHost(), controlPlane.getMappedPort(PORT))
                        .usePlaintext()
                        .build();
        ContainerMesh mesh = new ContainerMesh(network, controlPlane, channel);
        Poll.until("a warm control plane", START, () -> !mesh.departuresReport().getWarmingUp());
        return mesh;
    }

    /// Starts a replica of the web service and waits until clients are told of it.
    ///
    /// @param await arguments of `ebb-await`, under which the application runs
    public Member replica(String name, String... await) {
        Member replica =
                add(
                        Member.start(
                                network,
                                name,
                                Map.of(
                                        "EBB_PROXY_SERVES",
                                        SERVICE,
                                        "EBB_PROXY_APPLICATION",
                                        "127.0.0.1:8080"),
                                List.of(await),
                                List.of("web", "--port=8080")));
        Poll.until("a ready endpoint of " + name, START, () -> ready().contains(name));
        return replica;
    }

    /// Starts a client of the web service and waits until it has had an answer.
    public Member client(String name) {
        return loading(add(Member.start(network, name, Map.of(), List.of("-S"), LOAD)));
    }

    /// The same, and its proxy is late with all changes that the control plane tells.
    public Member slowClient(String name, Duration delay) {
        return loading(add(Member.startBehindRelay(network, name, delay, List.of("-S"), LOAD)));
    }

    private static Member loading(Member client) {
        client.awaitLine("loading", START);
        return client;
    }

    /// What became of the requests of some clients, which have ended.
    ///
    /// @throws IllegalStateException if one of them was ended before all requests had their outcome
    public Verdict verdict(Set<String> clients) {
        Logs logs = logs();
        clients.forEach(logs::checkWhole);
        return Verdict.of("containers", logs, clients);
    }

    /// Those of all that have been told to stop.
    List<Departure> departures() {
        Logs logs = logs();
        return departuresReport().getDeparturesList().stream()
                .map(report -> Departure.of(logs, report))
                .toList();
    }

    /// The departure of a replica that has ended.
    public Departure departure(String name) {
        return departures().stream()
                .filter(each -> each.pod().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no departure of " + name));
    }

    /// One file a container. What cannot be had is named in its file.
    void writeLogs(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("control-plane.log"), controlPlane.getLogs());
            Files.writeString(folder.resolve("departures.txt"), departuresReport().toString());
            Map<String, List<LogLine>> files =
                    logs().lines().stream()
                            .collect(
                                    Collectors.groupingBy(
                                            line -> line.pod() + "." + line.container() + ".log"));
            for (Map.Entry<String, List<LogLine>> file : files.entrySet()) {
                Files.write(
                        folder.resolve(file.getKey()),
                        file.getValue().stream().map(LogLine::text).toList());
            }
        } catch (IOException | RuntimeException e) {
            Figures.print("%s is not complete: %s".formatted(folder, e));
        }
    }

    @Override
    public void close() {
        channel.shutdownNow();
        members.reversed().forEach(Member::close);
        controlPlane.stop();
        network.close();
    }

    private Logs logs() {
        List<LogLine> lines = members.stream().flatMap(Member::lines).toList();
        return () -> lines;
    }

    private Member add(Member member) {
        members.add(member);
        return member;
    }

    private Set<String> ready() {
        try {
            return inspect()
                    .endpoints(EndpointsRequest.newBuilder().setDestination(SERVICE).build())
                    .getEndpointsList()
                    .stream()
                    .filter(each -> each.getEndpoint().getState() == Endpoint.State.READY)
                    .map(PublishedEndpoint::getInstanceName)
                    .collect(Collectors.toSet());
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return Set.of();
            }
            throw e;
        }
    }

    private DeparturesResponse departuresReport() {
        return inspect().departures(DeparturesRequest.getDefaultInstance());
    }

    private InspectGrpc.InspectBlockingStub inspect() {
        return InspectGrpc.newBlockingStub(channel)
                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS);
    }
}
