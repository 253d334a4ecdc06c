package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.Manifests;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An application that takes 20 s to stop makes 100 new calls to another service in that time; its
/// proxy carries all of them. Re-sending is off.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class OutboundOutlivesE2E {
    private static final int CALLS = 100;
    private static final String CALLER = "caller";

    @Parameter private Shape shape = Shape.NATIVE;

    @Test
    void callsOfAStoppingApplicationArrive(Scene scene) {
        List<String> outcomes = stop(scene, pod -> pod.grace(Duration.ofSeconds(160)));

        Figures.print(
                "OutboundOutlivesE2E, %s: %d calls, %d answered"
                        .formatted(shape, outcomes.size(), answered(outcomes)));
        assertThat(outcomes).hasSize(CALLS).containsOnly("answered");
    }

    /// The negative control: a proxy that thinks that its grace ends while the application still
    /// stops. A native sidecar is kept by Kubernetes itself, whatever it thinks.
    @Test
    void withAProxyThatEndsFirstCallsAreLost(Scene scene) {
        assumeThat(shape).as("a native sidecar is kept by Kubernetes").isEqualTo(Shape.PLAIN);
        List<String> outcomes =
                stop(
                        scene,
                        pod ->
                                pod.grace(Duration.ofSeconds(160))
                                        .withoutHold()
                                        .proxy("EBB_PROXY_GRACE", "10s"));

        Figures.print(
                "OutboundOutlivesE2E, %s, with a proxy that ends first: %d calls, %d answered"
                        .formatted(shape, outcomes.size(), answered(outcomes)));
        assertThat(outcomes).hasSize(CALLS);
        assertThat(answered(outcomes)).isBetween(1L, CALLS - 1L);
    }

    /// The outcomes of the calls that the application made while it stopped.
    private List<String> stop(Scene scene, Consumer<PodEdit> edit) {
        WebService.create(scene, shape, 1, _ -> {});
        scene.awaitRollout(WebService.NAME);
        Pod caller = caller(scene, edit);
        scene.apply(List.<HasMetadata>of(caller));
        scene.awaitReady(CALLER);

        scene.delete(CALLER);
        scene.awaitGone(CALLER);

        return scene.logs()
                .of(CALLER, PodEdit.APP)
                .filter(line -> line.isAbout("call"))
                .map(LogLine::fields)
                .map(List::getLast)
                .toList();
    }

    /// One pod as the web service's, which calls the web service when it stops.
    private Pod caller(Scene scene, Consumer<PodEdit> edit) {
        Deployment web =
                (Deployment) Manifests.of(scene.client(), shape, WebService.NAME).getLast();
        edit.accept(
                PodEdit.of(web)
                        .withoutReSending()
                        .arguments(
                                "web",
                                "--port=8080",
                                "--call-at-stop=web:80",
                                "--calls=" + CALLS,
                                "--stop-ms=20000"));
        return new PodBuilder()
                .withNewMetadata()
                .withName(CALLER)
                .addToLabels("app", CALLER)
                .endMetadata()
                .withSpec(web.getSpec().getTemplate().getSpec())
                .build();
    }

    private static long answered(List<String> outcomes) {
        return outcomes.stream().filter("answered"::equals).count();
    }
}
