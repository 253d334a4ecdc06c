package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.ControlPlane;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.PodTrouble;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Scene;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What somebody sees whose control plane is wrong. No proxy is at it.
@ExtendWith(Cluster.class)
final class BadControlPlaneE2E {
    private static final Duration SEEN = Duration.ofMinutes(2);

    @ParameterizedTest
    @CsvSource({"endpointslices, list", "pods, watch", "pods, get", "tokenreviews, create"})
    void missingVerbIsNamedByItsLogAndItIsReadyOnceItHasIt(
            String resource, String verb, Scene scene) {
        ControlPlane controlPlane = ControlPlane.in(scene);
        controlPlane.apply(ControlPlane.withoutVerb(verb, resource));

        List<String> said =
                Poll.until(
                        "a word on " + verb + " " + resource,
                        SEEN,
                        () -> warnings(scene, verb, resource),
                        lines -> !lines.isEmpty());

        Figures.print("BadControlPlaneE2E: " + said.getFirst());
        assertThat(said.getFirst())
                .contains("(expected: the ClusterRole ebb-control-plane of deploy/ebb.yaml)");
        assertThat(controlPlane.pods()).hasSize(1).noneMatch(Readiness::isPodReady);

        controlPlane.apply();
        controlPlane.awaitReady();

        assertThat(controlPlane.pods().getFirst().getStatus().getContainerStatuses().getFirst())
                .satisfies(status -> assertThat(status.getRestartCount()).isZero());
    }

    @Test
    void malformedSettingIsNamedByThePod(Scene scene) {
        ControlPlane controlPlane = ControlPlane.in(scene);
        controlPlane.apply(ControlPlane.setting("EBB_CONTROL_PLANE_WARM_UP", "soon"));

        List<PodTrouble> seen =
                Poll.until(
                        "the pod to name the variable",
                        SEEN,
                        () -> PodTrouble.of(controlPlane.pods()),
                        troubles ->
                                troubles.stream()
                                        .map(PodTrouble::text)
                                        .anyMatch(text ->
                                                text.contains("ended with 64: ")
                                                        && text.contains(
                                                                "EBB_CONTROL_PLANE_WARM_UP: \"soon\"")));
        Figures.print("BadControlPlaneE2E: " + seen);
    }

    private static List<String> warnings(Scene scene, String... words) {
        return scene.logs().lines().stream()
                .filter(line -> line.container().equals("ebb-control-plane"))
                .map(LogLine::text)
                .filter(line -> line.contains("WARN"))
                .filter(line -> List.of(words).stream().allMatch(line::contains))
                .toList();
    }
}
