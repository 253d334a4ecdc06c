package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.net.HttpURLConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A namespace of its own for one test, and what the test does in it. Closing it deletes the
/// namespace, without waiting for that.
public final class Scene implements AutoCloseable {
    /// Pods that have to be pulled up on a machine that is busy.
    private static final Duration START = Duration.ofMinutes(3);

    /// A departure may take its whole grace.
    private static final Duration END = Duration.ofMinutes(3);

    private static final String LABEL = "ebb.dev/e2e";

    private final KubernetesClient client;
    private final ControlPlane controlPlane;
    private final String namespace;
    private final LogBook logs;

    private Scene(KubernetesClient client, ControlPlane controlPlane, String namespace) {
        this.client = client;
        this.controlPlane = controlPlane;
        this.namespace = namespace;
        this.logs = LogBook.follow(client, namespace);
    }

    /// Removes what is left of a run that was killed: its clients go on for ever.
    static void removeAll(KubernetesClient client) {
        client.namespaces()
                .withLabel(LABEL)
                .list()
                .getItems()
                .forEach(left -> remove(client, left.getMetadata().getName()));
    }

    /// @param controlPlane the one that its proxies are at
    static Scene open(KubernetesClient client, String namespace, ControlPlane controlPlane) {
        client.namespaces()
                .resource(
                        new NamespaceBuilder()
                                .withNewMetadata()
                                .withName(namespace)
                                .addToLabels(LABEL, "true")
                                .endMetadata()
                                .build())
                .create();
        return new Scene(client, controlPlane, namespace);
    }

    public KubernetesClient client() {
        return client;
    }

    public ControlPlane controlPlane() {
        return controlPlane;
    }

    public String namespace() {
        return namespace;
    }

    public LogBook logs() {
        return logs;
    }

    /// What Pod Security admission enforces here: `restricted` or `baseline`. Waits until it does.
    public void enforce(String profile) {
        client.namespaces()
                .withName(namespace)
                .edit(object ->
                        new NamespaceBuilder(object)
                                .editMetadata()
                                .addToLabels("pod-security.kubernetes.io/enforce", profile)
                                .endMetadata()
                                .build());
        Poll.until(profile + " to be enforced", START, () -> refuses(onTheNodesNetwork()));
    }

    private boolean refuses(Pod pod) {
        try {
            var _ = client.pods().inNamespace(namespace).resource(pod).dryRun(true).create();
            return false;
        } catch (KubernetesClientException e) {
            return e.getCode() == HttpURLConnection.HTTP_FORBIDDEN;
        }
    }

    private static Pod onTheNodesNetwork() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("refused")
                .endMetadata()
                .withNewSpec()
                .withHostNetwork(true)
                .addNewContainer()
                .withName("app")
                .withImage("none")
                .endContainer()
                .endSpec()
                .build();
    }

    /// Creates the objects in the namespace, their pods as [PodEdit#shortLived].
    public void apply(List<HasMetadata> objects) {
        for (HasMetadata object : objects) {
            PodEdit.find(object).ifPresent(PodEdit::shortLived);
            client.resource(object).inNamespace(namespace).create();
        }
    }

    /// Waits until all replicas are there, and no pod beside them.
    public void awaitRollout(String deployment) {
        Poll.untilPods(
                "rollout of " + deployment,
                START.plus(END),
                () -> pods(deployment),
                pods -> {
                    var object =
                            client.apps()
                                    .deployments()
                                    .inNamespace(namespace)
                                    .withName(deployment)
                                    .get();
                    return Rollouts.isComplete(object)
                            && pods.size() == object.getSpec().getReplicas();
                });
    }

    /// Replaces every pod of the Deployment, one after the other, and waits until the old ones have
    /// gone.
    public void restart(String deployment) {
        client.apps().deployments().inNamespace(namespace).withName(deployment).rolling().restart();
        awaitRollout(deployment);
    }

    /// The pods with this label `app`, also those that are leaving.
    public List<Pod> pods(String app) {
        return client.pods()
                .inNamespace(namespace)
                .withLabels(Map.of("app", app))
                .list()
                .getItems();
    }

    /// A pod by its name, if it is there.
    public Optional<Pod> pod(String name) {
        return Optional.ofNullable(client.pods().inNamespace(namespace).withName(name).get());
    }

    /// Tells a pod to leave, with the grace that it asks for.
    public void delete(String pod) {
        client.pods().inNamespace(namespace).withName(pod).delete();
    }

    /// Tells a pod to leave within another grace than it asks for.
    public void delete(String pod, Duration grace) {
        client.pods()
                .inNamespace(namespace)
                .withName(pod)
                .withGracePeriod(grace.toSeconds())
                .delete();
    }

    /// Waits until every container of a pod is ready.
    public void awaitReady(String pod) {
        Poll.untilPods(
                "pod " + pod + " to be ready",
                START,
                () -> pod(pod).stream().toList(),
                pods -> pods.stream().anyMatch(Readiness::isPodReady));
    }

    /// Waits until a pod is not there any more, and all that it has written is known.
    public void awaitGone(String pod) {
        Poll.until("the end of pod " + pod, END, () -> pod(pod).isEmpty());
        awaitLogs(pod);
    }

    /// Waits until all that the containers of a pod have written is known; they have ended.
    public void awaitLogs(String pod) {
        logs.awaitEnd(pod);
    }

    /// Waits until the proxy of a pod has begun its departure.
    public void awaitDeparture(String pod) {
        awaitProxySays(pod, "Departure begins", END);
    }

    /// Waits until the proxy of a pod has written a line with these words.
    public void awaitProxySays(String pod, String words, Duration limit) {
        Poll.until(
                "\"%s\" in the proxy's log of %s".formatted(words, pod),
                limit,
                () -> logs.of(pod, PodEdit.PROXY).anyMatch(line -> line.text().contains(words)));
    }

    /// Waits until the test application in a pod has written a line about something.
    public LogLine awaitLine(String pod, String what) {
        Poll.until(
                "\"%s\" in the log of %s".formatted(what, pod),
                START,
                () -> logs.of(pod, PodEdit.APP).anyMatch(line -> line.isAbout(what)));
        return logs.of(pod, PodEdit.APP)
                .filter(line -> line.isAbout(what))
                .findFirst()
                .orElseThrow();
    }

    /// What the Events of the namespace say that have this reason.
    public List<String> events(String reason) {
        return client.v1().events().inNamespace(namespace).list().getItems().stream()
                .filter(event -> event.getReason().equals(reason))
                .map(event -> event.getMessage())
                .toList();
    }

    /// A page of a proxy's admin server, as somebody outside of the pod sees it.
    public String admin(String pod, String path) {
        String answer =
                client.raw(
                        "/api/v1/namespaces/%s/pods/%s:4191/proxy%s"
                                .formatted(namespace, pod, path));
        if (answer == null) {
            throw new IllegalStateException("%s%s: 404 (expected: 200)".formatted(pod, path));
        }
        return answer;
    }

    @Override
    public void close() {
        logs.close();
        remove(client, namespace);
    }

    private static void remove(KubernetesClient client, String namespace) {
        // No new pod can be made from here on; the old ones have nothing to wait for.
        client.namespaces().withName(namespace).delete();
        client.pods().inNamespace(namespace).withGracePeriod(0).delete();
    }
}
