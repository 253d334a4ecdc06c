package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The web service of a scene and the clients that load it, the meshed ones in the service's shape.
public final class WebService {
    /// The name of its Deployment and of its Service.
    public static final String NAME = "web";

    private static final int MOST_REPEATS = 3;
    private static final Duration LATE_LOGS = Duration.ofSeconds(10);

    private final Scene scene;
    private final Shape shape;
    private final List<LoadClient> clients = new ArrayList<>();

    private WebService(Scene scene, Shape shape) {
        this.scene = scene;
        this.shape = shape;
    }

    /// Creates it, and does not wait.
    ///
    /// @param edit what is different from the manifest
    public static WebService create(
            Scene scene, Shape shape, int replicas, Consumer<PodEdit> edit) {
        List<HasMetadata> objects = Manifests.of(scene.client(), shape, "web");
        Deployment deployment = (Deployment) objects.getLast();
        deployment.getSpec().setReplicas(replicas);
        edit.accept(PodEdit.of(deployment).controlPlane(scene.controlPlane()));
        scene.apply(objects);
        return new WebService(scene, shape);
    }

    /// The same service twice, the first native and the second plain, for tests that have a control
    /// plane of their own.
    public static List<WebService> inBothShapes(
            Scene inNative, Scene inPlain, int replicas, Consumer<PodEdit> edit) {
        return List.of(
                create(inNative, Shape.NATIVE, replicas, edit),
                create(inPlain, Shape.PLAIN, replicas, edit));
    }

    public Scene scene() {
        return scene;
    }

    public Shape shape() {
        return shape;
    }

    /// Adds a client in the mesh. It serves nobody, so its own departure is not held for an answer
    /// that may come late. A slow one comes when all replicas serve: the first that it hears of
    /// them is all that it hears in time.
    public LoadClient client(String name, Consumer<PodEdit> edit) {
        HasMetadata manifest = Manifests.of(scene.client(), shape, "client").getFirst();
        PodEdit pod = PodEdit.of(manifest).withoutHold().controlPlane(scene.controlPlane());
        edit.accept(pod);
        if (pod.isSlow()) {
            scene.awaitRollout(NAME);
        }
        LoadClient client = LoadClient.create(scene, name, manifest);
        clients.add(client);
        return client;
    }

    /// Adds a client outside the mesh that connects for each request.
    public void outside(String name) {
        outside(name, _ -> {});
    }

    /// Adds a client outside the mesh that keeps its connection, and asks as often as those in it.
    public void outsideKeepAlive(String name) {
        outside(
                name,
                pod ->
                        pod.argument("--connections=per-request", "--connections=keep-alive")
                                .argument("--rate=50", "--rate=20"));
    }

    /// Waits until all replicas serve and every client is loading them.
    public void awaitLoad() {
        scene.awaitRollout(NAME);
        clients.forEach(LoadClient::awaitLoading);
    }

    /// Waits until the control plane tells proxies of all replicas: it may hear of them late.
    public void awaitPublished() {
        Poll.until(
                "all replicas to be published",
                Duration.ofSeconds(30),
                () ->
                        scene.controlPlane().readyEndpoints(NAME + "." + scene.namespace() + ":80")
                                == scene.pods(NAME).size());
    }

    /// Replaces every replica, one after the other.
    public void restart() {
        scene.restart(NAME);
    }

    /// The replica that answers a client. Of two its proxy prefers the quicker one for as long as
    /// that is so, and the departure of the other costs it nothing, with the hold or without it.
    public String serverOf(String client) {
        return clients.stream()
                .filter(each -> each.pod().equals(client))
                .findFirst()
                .orElseThrow(() ->
                        new IllegalArgumentException(
                                "no client \"%s\" (expected: one of %s)"
                                        .formatted(
                                                client,
                                                clients.stream().map(LoadClient::pod).toList())))
                .server();
    }

    /// Tells some replicas to leave, any of them, and waits until they have, and until their
    /// replacements serve.
    public void deleteAny(int count) {
        List<String> names =
                scene.pods(NAME).stream()
                        .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                        .map(pod -> pod.getMetadata().getName())
                        .limit(count)
                        .toList();
        names.forEach(scene::delete);
        awaitReplaced(names);
    }

    /// Repeats a control's departures until some clients have lost something, for how much one
    /// costs is chance where kube-proxy has to be slow. Gives up the third time.
    ///
    /// @return how many times it took
    public int repeatUntilLost(Set<String> of, Runnable departures) {
        int times = 0;
        do {
            departures.run();
            times++;
        } while (times < MOST_REPEATS && verdict(of).lost() == 0);
        return times;
    }

    /// When the application in a replica that has left got its TERM, by its own wall clock.
    public long termMillis(String pod) {
        return scene.logs()
                .appMillis(pod, "term")
                .orElseThrow(() -> new AssertionError(pod + ": no TERM"));
    }

    /// Ends the load of all clients that still run: every request has its outcome, and every log is
    /// whole.
    public void stopClients() {
        clients.forEach(LoadClient::beginStop);
        clients.forEach(LoadClient::awaitStopped);
        clients.forEach(LoadClient::checkLog);
        // The logs of the service are read beside those of the clients, and may come later.
        Poll.atMost(LATE_LOGS, () -> verdict().unrecorded() == 0);
    }

    /// What became of all requests of all clients.
    public Verdict verdict() {
        return Verdict.of(scene, clients.stream().map(LoadClient::pod).collect(Collectors.toSet()));
    }

    /// What became of the requests of some clients.
    public Verdict verdict(Set<String> of) {
        return Verdict.of(scene, of);
    }

    /// The departures of its replicas so far.
    public List<Departure> departures() {
        return Departure.of(scene, NAME);
    }

    /// The departure of one replica.
    public Departure departure(String pod) {
        return departures().stream()
                .filter(each -> each.pod().equals(pod))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no departure of " + pod));
    }

    /// Waits until these have left and all replicas serve.
    void awaitReplaced(List<String> names) {
        names.forEach(scene::awaitGone);
        scene.awaitRollout(NAME);
    }

    private void outside(String name, Consumer<PodEdit> edit) {
        HasMetadata pod = Manifests.read(scene.client(), "outside.yaml").getFirst();
        edit.accept(PodEdit.of(pod));
        clients.add(LoadClient.create(scene, name, pod));
    }
}
