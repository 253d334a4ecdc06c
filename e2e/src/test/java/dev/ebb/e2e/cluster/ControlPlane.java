package dev.ebb.e2e.cluster;

import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.InspectGrpc;
import dev.ebb.proto.destination.v1.InspectGrpc.InspectBlockingStub;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentSpec;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBinding;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.LocalPortForward;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.RollableScalableResource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Ebb's control plane in the cluster, as `deploy/ebb.yaml` says it: the one in the namespace that
/// is written there, which most tests share, or one in the namespace of a scene, which belongs to a
/// test and may be spoiled.
public final class ControlPlane {
    private static final String NAME = "ebb-control-plane";
    private static final int PORT = 8086;

    /// Says that its namespace was made by a run of these tests.
    private static final String OURS = "ebb.dev/e2e-control-plane";

    /// Includes its warming up.
    private static final Duration READY = Duration.ofMinutes(2);

    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final Duration COMMAND = Duration.ofMinutes(1);
    private static final int ATTEMPTS = 3;

    private final KubernetesClient client;
    private final String namespace;

    private ControlPlane(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
    }

    /// The one that most tests share. It is not there before [#install].
    static ControlPlane shared(KubernetesClient client) {
        return new ControlPlane(client, ControlPlaneManifest.NAMESPACE);
    }

    /// Somebody else's control plane is not to be replaced, nor its rights to be taken away.
    ///
    /// @throws IllegalStateException if the namespace is there, and not by an earlier run, or the
    ///   rights are those of another
    void checkThatItIsOurs() {
        Namespace home = client.namespaces().withName(namespace).get();
        if (home != null && !home.getMetadata().getLabels().containsKey(OURS)) {
            throw new IllegalStateException(
                    "e2e: the cluster has a namespace %s that no run has made (expected: a cluster for tests; or label it %s=true)"
                            .formatted(namespace, OURS));
        }
        ClusterRoleBinding rights = client.rbac().clusterRoleBindings().withName(NAME).get();
        if (rights != null
                && rights.getSubjects().stream()
                        .anyMatch(subject -> !namespace.equals(subject.getNamespace()))) {
            throw new IllegalStateException(
                    "e2e: the ClusterRoleBinding %s is another control plane's (expected: a cluster for tests)"
                            .formatted(NAME));
        }
    }

    /// Applies the manifest as it is written and waits until it serves.
    ///
    /// @param images whether the nodes have got new images, so that pods must be made anew
    void install(Images.Change images) {
        apply(object -> {
            if (object instanceof Namespace) {
                object.getMetadata().getLabels().put(OURS, "true");
            }
        });
        if (images == Images.Change.LOADED) {
            deployment().rolling().restart();
        }
        awaitReady();
    }

    /// One of a test's own, which goes with the scene. It is not there before [#apply].
    public static ControlPlane in(Scene scene) {
        return new ControlPlane(scene.client(), scene.namespace());
    }

    /// As the manifest has it, whatever a test has made of it. Does not wait.
    public void apply() {
        apply(_ -> {});
    }

    /// The same with something different. Does not wait.
    ///
    /// @param edit sees each object of the manifest, and may change it in place
    public void apply(Consumer<HasMetadata> edit) {
        List<HasMetadata> objects =
                isOwn()
                        ? ControlPlaneManifest.movedTo(namespace, client)
                        : ControlPlaneManifest.asWritten(client);
        for (HasMetadata object : objects) {
            edit.accept(object);
            if (isOwn()) {
                PodEdit.find(object).ifPresent(PodEdit::shortLived);
            }
            client.resource(object).fieldManager("ebb").forceConflicts().serverSideApply();
        }
    }

    /// The edit that gives it one setting more.
    public static Consumer<HasMetadata> setting(String name, String value) {
        return deployment(spec ->
                spec.getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv()
                        .add(PodEdit.variable(name, value)));
    }

    /// The edit that takes one verb for one resource away from its rights.
    public static Consumer<HasMetadata> withoutVerb(String verb, String resource) {
        return object -> {
            if (object instanceof ClusterRole role) {
                role.getRules().stream()
                        .filter(rule -> rule.getResources().contains(resource))
                        .forEach(rule -> rule.getVerbs().remove(verb));
                // A rule without a verb is invalid.
                role.getRules().removeIf(rule -> rule.getVerbs().isEmpty());
            }
        };
    }

    /// How many replicas there shall be. Waits until they can tell who may be released.
    public void scale(int replicas) {
        apply(deployment(spec -> spec.setReplicas(replicas)));
        awaitWarm();
    }

    /// Waits until every replica serves and no other pod is left.
    public void awaitReady() {
        Poll.untilPods(
                "the control plane (kubectl -n %s get pods)".formatted(namespace),
                READY,
                this::pods,
                pods ->
                        Rollouts.isComplete(deployment().get())
                                && pods.stream().allMatch(ControlPlane::serves));
    }

    /// Waits until every replica serves and can tell who may be released.
    public void awaitWarm() {
        awaitReady();
        Poll.until(
                "the end of the control plane's warming up",
                READY,
                () -> pods().stream().noneMatch(pod -> inspect(pod).getWarmingUp()));
    }

    /// Where proxies reach all replicas.
    String address() {
        return "%s.%s.svc.cluster.local:%d".formatted(NAME, namespace, PORT);
    }

    /// Where proxies reach one replica.
    public String address(Pod replica) {
        return replica.getStatus().getPodIP() + ":" + PORT;
    }

    /// The pods of all replicas.
    public List<Pod> pods() {
        return client.pods()
                .inNamespace(namespace)
                .withLabel("app.kubernetes.io/name", NAME)
                .list()
                .getItems();
    }

    /// What all replicas that serve know of departures; each answers for its own subscribers.
    public List<DepartureReport> departures() {
        return pods().stream()
                .filter(ControlPlane::serves)
                .flatMap(pod -> inspect(pod).getDeparturesList().stream())
                .toList();
    }

    String namespace() {
        return namespace;
    }

    /// Whether it belongs to a test, which may kill it: what it knew is gone then.
    boolean isOwn() {
        return !namespace.equals(ControlPlaneManifest.NAMESPACE);
    }

    /// What `ebb` prints, asked of the first replica: `endpoints web.shop:80`.
    public String ebb(String... command) {
        try (LocalPortForward forward = resource(pods().getFirst()).portForward(PORT)) {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.ebb.cli.Main"));
            line.addAll(List.of(command));
            line.add("--control-plane=127.0.0.1:" + forward.getLocalPort());
            return Command.run(new ProcessBuilder(line), COMMAND).output();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// How many endpoints of a destination one replica publishes as ready; 0 as long as it does not
    /// know the name.
    long readyEndpoints(String destination) {
        EndpointsRequest request =
                EndpointsRequest.newBuilder().setDestination(destination).build();
        try {
            return ask(pods().getFirst(), stub -> stub.endpoints(request))
                    .getEndpointsList()
                    .stream()
                    .filter(each -> each.getEndpoint().getState() == Endpoint.State.READY)
                    .count();
        } catch (StatusRuntimeException e) {
            if (e.getStatus().getCode() == Status.Code.NOT_FOUND) {
                return 0;
            }
            throw e;
        }
    }

    private static Consumer<HasMetadata> deployment(Consumer<DeploymentSpec> edit) {
        return object -> {
            if (object instanceof Deployment deployment) {
                edit.accept(deployment.getSpec());
            }
        };
    }

    private static boolean serves(Pod pod) {
        return Readiness.isPodReady(pod) && pod.getMetadata().getDeletionTimestamp() == null;
    }

    private DeparturesResponse inspect(Pod pod) {
        return ask(pod, stub -> stub.departures(DeparturesRequest.getDefaultInstance()));
    }

    /// A forwarded port may break for reasons of its own; what is asked changes nothing.
    private <T> T ask(Pod pod, Function<InspectBlockingStub, T> question) {
        for (int attempt = 1; attempt < ATTEMPTS; attempt++) {
            try {
                return askOnce(pod, question);
            } catch (StatusRuntimeException e) {
                if (e.getStatus().getCode() != Status.Code.UNAVAILABLE) {
                    throw e;
                }
            } catch (KubernetesClientException e) {
                // Again.
            }
        }
        return askOnce(pod, question);
    }

    private <T> T askOnce(Pod pod, Function<InspectBlockingStub, T> question) {
        try (LocalPortForward forward = resource(pod).portForward(PORT)) {
            ManagedChannel channel =
                    NettyChannelBuilder.forAddress("127.0.0.1", forward.getLocalPort())
                            .usePlaintext()
                            .build();
            try {
                return question.apply(
                        InspectGrpc.newBlockingStub(channel)
                                .withDeadlineAfter(ANSWER.toMillis(), TimeUnit.MILLISECONDS));
            } finally {
                channel.shutdownNow();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// What a replica has written so far.
    String log(Pod pod) {
        return resource(pod).getLog();
    }

    private PodResource resource(Pod pod) {
        return client.pods().inNamespace(namespace).withName(pod.getMetadata().getName());
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(namespace).withName(NAME);
    }
}
