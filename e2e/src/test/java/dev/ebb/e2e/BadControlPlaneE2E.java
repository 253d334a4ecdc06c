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

/// What somebody sees whose control plane is wrong. No proxy is at it.
@ExtendWith(Cluster.class)
final class BadControlPlaneE2E {
    private static final Duration SEEN = Duration.ofMinutes(2);

    /// `RightsCheckTest` has each alone.
    @Test
    void missingVerbsAreNamedByItsLogAndItIsReadyOnceItHasThem(Scene scene) {
        ControlPlane controlPlane = ControlPlane.in(scene);
        controlPlane.apply(
                ControlPlane.withoutVerb("list", "endpointslices")
                        .andThen(ControlPlane.withoutVerb("watch", "pods"))
                        .andThen(ControlPlane.withoutVerb("get", "pods"))
                        .andThen(ControlPlane.withoutVerb("create", "tokenreviews")));

        for (String missing :
                List.of("list endpointslices", "watch pods", "get pods", "create tokenreviews")) {
            String said =
                    Poll.until(
                                    "a word on " + missing,
                                    SEEN,
                                    () -> warnings(scene, missing),
                                    lines -> !lines.isEmpty())
                            .getFirst();
            Figures.print("BadControlPlaneE2E: " + said);
            assertThat(said)
                    .contains("(expected: the ClusterRole ebb-control-plane of deploy/ebb.yaml)");
        }
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

    private static List<String> warnings(Scene scene, String words) {
        return scene.logs().lines().stream()
                .filter(line -> line.container().equals("ebb-control-plane"))
                .map(LogLine::text)
                .filter(line -> line.contains("WARN") && line.contains(words))
                .toList();
    }
}
