package dev.ebb.e2e.cluster;

import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.InspectGrpc;
import dev.ebb.proto.destination.v1.InspectGrpc.InspectBlockingStub;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.Deployment;
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
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;

/// Ebb's control plane in the cluster, as `deploy/ebb.yaml` says it.
public final class ControlPlane {
    static final String NAMESPACE = "ebb";
    private static final String NAME = "ebb-control-plane";
    private static final int PORT = 8086;

    /// Includes its warming up.
    private static final Duration READY = Duration.ofMinutes(2);

    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final int ATTEMPTS = 3;

    private final KubernetesClient client;

    private ControlPlane(KubernetesClient client) {
        this.client = client;
    }

    /// Applies the manifests and waits until it serves.
    ///
    /// @param images whether the nodes have got new images, so that pods must be made anew
    static ControlPlane install(KubernetesClient client, Images.Change images) {
        ControlPlane controlPlane = new ControlPlane(client);
        controlPlane.apply();
        if (images == Images.Change.LOADED) {
            controlPlane.deployment().rolling().restart();
        }
        controlPlane.awaitReady();
        return controlPlane;
    }

    /// As it is written in `deploy/ebb.yaml`, whatever a test has made of it.
    public void apply() {
        apply(_ -> {});
    }

    private void apply(Consumer<HasMetadata> edit) {
        try (InputStream yaml = Files.newInputStream(Home.file("deploy/ebb.yaml"))) {
            client.load(yaml)
                    .items()
                    .forEach(object -> {
                        edit.accept(object);
                        client.resource(object)
                                .fieldManager("ebb")
                                .forceConflicts()
                                .serverSideApply();
                    });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Waits until every replica serves and no other pod is left.
    public void awaitReady() {
        Poll.untilPods(
                "the control plane (kubectl -n ebb get pods)",
                READY,
                this::pods,
                pods ->
                        Rollouts.isComplete(deployment().get())
                                && pods.stream().allMatch(this::serves));
    }

    /// As it is written, with one setting more, serving and no longer warming up.
    public void with(String setting, String value) {
        apply(object -> {
            if (object instanceof Deployment deployment) {
                deployment
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .setEnv(
                                List.of(
                                        new EnvVarBuilder()
                                                .withName(setting)
                                                .withValue(value)
                                                .build()));
            }
        });
        awaitWarm();
    }

    /// As it is written again, serving and no longer warming up.
    public void restore() {
        apply();
        awaitWarm();
    }

    /// Waits until every replica serves and can tell who may be released.
    public void awaitWarm() {
        awaitReady();
        Poll.until(
                "the end of the control plane's warming up",
                READY,
                () -> pods().stream().noneMatch(pod -> inspect(pod).getWarmingUp()));
    }

    /// Where proxies reach one replica.
    public String address(Pod replica) {
        return replica.getStatus().getPodIP() + ":" + PORT;
    }

    /// The pods of all replicas.
    public List<Pod> pods() {
        Map<String, String> labels = deployment().get().getSpec().getSelector().getMatchLabels();
        return client.pods().inNamespace(NAMESPACE).withLabels(labels).list().getItems();
    }

    /// How many replicas there shall be; waits until they can tell who may be released.
    public void scale(int replicas) {
        apply(object -> {
            if (object instanceof Deployment deployment) {
                deployment.getSpec().setReplicas(replicas);
            }
        });
        awaitWarm();
    }

    /// What all replicas know of departures; each answers for its own subscribers.
    public List<DepartureReport> departures() {
        return pods().stream().flatMap(pod -> inspect(pod).getDeparturesList().stream()).toList();
    }

    /// What `ebb` prints, asked of the first replica: `endpoints web.shop:80`.
    public String ebb(String... command) {
        try (LocalPortForward forward = resource(pods().getFirst()).portForward(PORT)) {
            List<String> line = new ArrayList<>();
            line.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            line.addAll(List.of("-cp", System.getProperty("java.class.path"), "dev.ebb.cli.Main"));
            line.addAll(List.of(command));
            line.add("--control-plane=127.0.0.1:" + forward.getLocalPort());
            Process process = new ProcessBuilder(line).redirectError(Redirect.INHERIT).start();
            return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
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

    private boolean serves(Pod pod) {
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
        return client.pods().inNamespace(NAMESPACE).withName(pod.getMetadata().getName());
    }

    private RollableScalableResource<Deployment> deployment() {
        return client.apps().deployments().inNamespace(NAMESPACE).withName(NAME);
    }
}
