package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.load.Route;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Judge;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// One service of a [ProcessMesh]: its replicas as processes, the load on it, and the judge of what
/// became of that load. Used by one thread, but for [#leave].
final class MeshService {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration END = Duration.ofSeconds(60);

    private final ProcessMesh mesh;
    private final Mesh parts;
    private final Evidence evidence;
    private final String authority;
    private final List<MeshReplica> replicas = new ArrayList<>();
    private final List<Mesh.Client> clients = new ArrayList<>();
    private final Queue<Restart> restarts = new ConcurrentLinkedQueue<>();
    private final Queue<RequestRecord> requests = new ConcurrentLinkedQueue<>();
    private final RawClient client;

    MeshService(ProcessMesh mesh, Mesh parts, Evidence evidence) {
        this.mesh = mesh;
        this.parts = parts;
        this.evidence = evidence;
        this.authority = evidence.scenario() + ".demo";
        this.client = new RawClient(authority, END);
    }

    /// Starts this many replicas; returns when every client gets answers.
    void serve(int count, Mesh.Client... callers) throws InterruptedException {
        for (int i = 0; i < count; i++) {
            replicas.add(parts.replica(mesh.controlPort()));
        }
        Probe.await(
                count + " ready endpoints of " + authority,
                START,
                mesh.controlPlane(),
                () -> mesh.endpoints(authority + ":80") == count);
        for (Mesh.Client each : callers) {
            call(each);
        }
    }

    MeshReplica replica(int position) {
        return replicas.get(position);
    }

    /// Starts the proxy of one replica more, and waits until it has registered; its application is
    /// [#open]ed later.
    Mesh.Alone coming() throws InterruptedException {
        Mesh.Alone alone = parts.alone(mesh.controlPort());
        Probe.await(
                "its readiness",
                START,
                alone.proxy(),
                () -> Probe.get(alone.admin(), "/ready", "127.0.0.1").isPresent());
        return alone;
    }

    void open(Mesh.Alone coming) {
        replicas.add(parts.application(coming));
    }

    /// Lets a client take part in the load; returns when it has had an answer.
    void call(Mesh.Client through) throws InterruptedException {
        Probe.await("an answer through it", START, through.proxy(), () -> answers(through));
        clients.add(through);
    }

    /// Sends one request through a client and returns whether a 200 came back.
    boolean answers(Mesh.Client through) {
        return Probe.get(through.outbound(), "/", authority).isPresent();
    }

    /// Sends a steady load through all clients, each request once, until the load is stopped.
    Load load() {
        List<Caller> callers =
                clients.stream()
                        .map(each ->
                                new Caller(
                                        each.name(),
                                        Route.through(ProcessMesh.loopback(each.outbound()))))
                        .toList();
        return Load.start(
                new Load.Settings(evidence.scenario(), ProcessMesh.RATE, callers),
                client,
                requests::add);
    }

    /// Returns when this many more requests have an outcome.
    void awaitOutcomes(int more) throws InterruptedException {
        int target = requests.size() + more;
        Probe.await(
                target + " outcomes", START, mesh.controlPlane(), () -> requests.size() >= target);
    }

    /// Returns when a request has been lost.
    void awaitLost() throws InterruptedException {
        Probe.await(
                "a lost request",
                START,
                mesh.controlPlane(),
                () -> requests.stream().anyMatch(RequestRecord::isLost));
    }

    /// Asks for the hold of a replica's application, as `ebb-await` does, and tells it nothing;
    /// blocks until the proxy answers.
    ///
    /// @return the answer's JSON
    static String hold(MeshReplica replica) throws IOException, InterruptedException {
        URI departure = URI.create("http://127.0.0.1:" + replica.admin() + "/departure");
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpRequest post =
                    HttpRequest.newBuilder(departure)
                            .POST(HttpRequest.BodyPublishers.noBody())
                            .timeout(END)
                            .build();
            return http.send(post, BodyHandlers.ofString()).body();
        }
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

    /// What the control plane tells of a replica's departure, as soon as that is of this kind.
    Departure awaitDeparture(MeshReplica replica, Predicate<Departure> kind)
            throws InterruptedException {
        Probe.await(
                "a departure of " + replica.name(),
                START,
                mesh.controlPlane(),
                () -> mesh.departure(replica.name()).filter(kind).isPresent());
        return departure(replica);
    }

    /// What the control plane tells of a replica's departure.
    Departure departure(MeshReplica replica) {
        return mesh.departure(replica.name()).orElseThrow();
    }

    /// What the log of a replica's proxy says.
    String log(String replica) {
        try {
            return Files.readString(mesh.log(evidence.scenario() + "/" + replica + "-proxy"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many requests a replica has answered.
    long answeredBy(MeshReplica replica) {
        return requests.stream()
                .map(RequestRecord::outcome)
                .filter(new Outcome.Answered(replica.name())::equals)
                .count();
    }

    /// The requests that were lost.
    Stream<RequestRecord> lost() {
        return requests.stream().filter(RequestRecord::isLost);
    }

    /// Sends nothing more, and judges everything that was sent and everything that the replicas
    /// recorded.
    ScenarioResult judge(Load load) throws InterruptedException, TimeoutException {
        load.stop(END);
        for (Mesh.Client each : clients) {
            Probe.get(each.admin(), "/metrics", "127.0.0.1")
                    .ifPresent(
                            metrics -> evidence.write(each.name() + ".metrics", metrics.lines()));
        }
        evidence.write(List.copyOf(requests), List.copyOf(restarts), List.of());
        return Judge.judge(evidence.read());
    }

    void close() {
        client.close();
    }
}
