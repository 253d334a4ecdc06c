package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.process.Program;
import dev.ebb.cli.inspect.DeparturesReport;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.InspectClient;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.env.AddressText;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.PublishedEndpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// The demo's control plane: a process, and a connection that asks it. It starts first of all, so
/// that it has warmed up when its scenario comes.
final class ControlPlane implements AutoCloseable {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration TIME_LIMIT = Duration.ofSeconds(3);

    private final Child process;
    private final int port;
    private final InspectClient inspect;

    private ControlPlane(Child process, int port) {
        this.process = process;
        this.port = port;
        this.inspect = new InspectClient(AddressText.parse("127.0.0.1:" + port), TIME_LIMIT);
    }

    static ControlPlane start(Path home, Children children, FreePorts ports) {
        int port = ports.next();
        List<String> command =
                Program.CONTROL_PLANE.command(
                        home,
                        List.of(
                                "standalone",
                                "--listen",
                                "127.0.0.1:" + port,
                                "--admin-listen",
                                "127.0.0.1:" + ports.next()));
        return new ControlPlane(children.start("control-plane", command, Map.of()), port);
    }

    int port() {
        return port;
    }

    /// Returns when it can tell whether a departure is released.
    void awaitWarm() throws InterruptedException {
        Probe.await(
                "warmed up",
                START,
                process,
                () -> report("").map(report -> !report.warmingUp()).orElse(false));
    }

    /// Returns when all these instances are ready endpoints of the destination.
    void awaitReady(Set<String> instances, Child child) throws InterruptedException {
        Probe.await(
                "a ready endpoint of " + Mesh.DESTINATION,
                START,
                child,
                () -> readyInstances().containsAll(instances));
    }

    /// The departure of an instance, by its name.
    Optional<Departure> departure(String name) {
        return report(name).flatMap(report -> report.departures().stream().findFirst());
    }

    @Override
    public void close() {
        inspect.close();
    }

    private Set<String> readyInstances() {
        try {
            return inspect.endpoints(Mesh.DESTINATION).stream()
                    .flatMap(answer -> answer.getEndpointsList().stream())
                    .filter(each -> each.getEndpoint().getState() == Endpoint.State.READY)
                    .map(PublishedEndpoint::getInstanceName)
                    .collect(Collectors.toSet());
        } catch (CommandFailure e) {
            return Set.of();
        }
    }

    private Optional<DeparturesReport> report(String instance) {
        try {
            return Optional.of(DeparturesReport.of(inspect.departures(instance)));
        } catch (CommandFailure e) {
            return Optional.empty();
        }
    }
}
