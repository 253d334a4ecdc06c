package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// The web service of a scene and the clients that load it, the meshed ones in the service's shape.
public final class WebService {
    /// The name of its Deployment and of its Service.
    public static final String NAME = "web";

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
        edit.accept(PodEdit.of(deployment));
        scene.apply(objects);
        return new WebService(scene, shape);
    }

    /// Adds a client in the mesh.
    public LoadClient client(String name, Consumer<PodEdit> edit) {
        HasMetadata pod = Manifests.of(scene.client(), shape, "client").getFirst();
        edit.accept(PodEdit.of(pod));
        return add(LoadClient.create(scene, name, pod));
    }

    /// Adds a client outside the mesh.
    ///
    /// @param connections `per-request` or `keep-alive`
    public LoadClient outside(String name, String connections) {
        HasMetadata pod = Manifests.read(scene.client(), "outside.yaml").getFirst();
        PodEdit.of(pod).argument("--connections=per-request", "--connections=" + connections);
        return add(LoadClient.create(scene, name, pod));
    }

    /// Waits until all replicas serve and every client is loading them.
    public void awaitLoad() {
        scene.awaitRollout(NAME);
        clients.forEach(LoadClient::awaitLoading);
    }

    /// Replaces every replica, one after the other.
    public void restart() {
        scene.restart(NAME);
    }

    /// One of the replicas.
    public Pod anyPod() {
        return scene.pods(NAME).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null)
                .findFirst()
                .orElseThrow();
    }

    /// Tells one replica to leave and waits until it has, and until its replacement serves.
    ///
    /// @return its name
    public String deleteOne() {
        String name = anyPod().getMetadata().getName();
        scene.delete(name);
        scene.awaitGone(name);
        scene.awaitRollout(NAME);
        return name;
    }

    /// Ends the load of all clients that still run: every request has its outcome, and every log is
    /// whole.
    public void stopClients() {
        clients.forEach(LoadClient::stop);
        clients.forEach(LoadClient::checkLog);
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

    private LoadClient add(LoadClient client) {
        clients.add(client);
        return client;
    }
}
