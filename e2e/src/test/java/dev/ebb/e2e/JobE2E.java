package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Manifests;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A Job in the mesh ends when its work ends, as it would have ended without a mesh.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class JobE2E {
    private static final Duration END = Duration.ofMinutes(3);

    /// What a sidecar may need to notice that the work has ended, on a busy machine.
    private static final Duration AFTER_THE_WORK = Duration.ofSeconds(15);

    @Parameter private Shape shape = Shape.NATIVE;

    @Test
    void jobSucceedsWhenItsWorkDoes(Scene scene) {
        serve(scene);

        create(scene, "job", _ -> {});
        Job job = awaitEnd(scene);

        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
        assertEnded(scene, 0);
    }

    @Test
    void exitCodeOfTheWorkArrives(Scene scene) {
        serve(scene);

        create(scene, "job", pod -> pod.argument("--exit=0", "--exit=3"));
        Job job = awaitEnd(scene);

        assertThat(job.getStatus().getFailed()).isEqualTo(1);
        assertEnded(scene, 3);
    }

    /// Beside ebb-await its image has a JVM, which is a program like any other.
    @Test
    void imageOfEbbAwaitRunsAProgram(Scene scene) {
        String[] arguments =
                switch (shape) {
                    case NATIVE -> new String[] {"--", "/ebb/jre/bin/java", "--version"};
                    case PLAIN -> new String[] {"-S", "--", "/ebb/jre/bin/java", "--version"};
                };

        create(
                scene,
                "job",
                pod -> pod.image("ebb.dev/ebb-await:dev", "IfNotPresent").arguments(arguments));
        Job job = awaitEnd(scene);

        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
        assertEnded(scene, 0);
    }

    @Test
    void cronJobEnds(Scene scene) {
        serve(scene);

        create(scene, "cronjob", _ -> {});
        Job job = awaitEnd(scene);

        assertThat(job.getStatus().getSucceeded()).isEqualTo(1);
        assertEnded(scene, 0);
    }

    private void serve(Scene scene) {
        WebService.create(scene, shape, 1, _ -> {});
        scene.awaitRollout(WebService.NAME);
    }

    private void create(Scene scene, String manifest, Consumer<PodEdit> edit) {
        List<HasMetadata> objects = Manifests.of(scene.client(), shape, manifest);
        edit.accept(PodEdit.of(objects.getFirst()));
        scene.apply(objects);
    }

    /// Waits until the first Job of the scene has succeeded or failed.
    private static Job awaitEnd(Scene scene) {
        Poll.until("the end of the Job", END, () -> jobs(scene).anyMatch(JobE2E::hasEnded));
        return jobs(scene).filter(JobE2E::hasEnded).findFirst().orElseThrow();
    }

    private static Stream<Job> jobs(Scene scene) {
        return scene
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(scene.namespace())
                .list()
                .getItems()
                .stream();
    }

    private static boolean hasEnded(Job job) {
        return job.getStatus().getConditions().stream()
                .anyMatch(condition ->
                        List.of("Complete", "Failed").contains(condition.getType())
                                && condition.getStatus().equals("True"));
    }

    /// The application ended with this code, the proxy with 0, soon after.
    private void assertEnded(Scene scene, int exitCode) {
        Pod pod =
                scene.client()
                        .pods()
                        .inNamespace(scene.namespace())
                        .withLabels(Map.of("app", "work"))
                        .list()
                        .getItems()
                        .getFirst();
        ContainerStateTerminated app = terminated(pod, PodEdit.APP);
        ContainerStateTerminated proxy = terminated(pod, PodEdit.PROXY);
        Duration after =
                Duration.between(
                        Instant.parse(app.getFinishedAt()), Instant.parse(proxy.getFinishedAt()));
        Figures.print(
                "JobE2E, %s: application %d, proxy %d, %d s later"
                        .formatted(
                                shape, app.getExitCode(), proxy.getExitCode(), after.toSeconds()));
        assertThat(app.getExitCode()).isEqualTo(exitCode);
        assertThat(proxy.getExitCode()).isZero();
        assertThat(after).isLessThan(AFTER_THE_WORK);
        scene.awaitLogs(pod.getMetadata().getName());
        // Whoever else would have ended it: the control plane sees the same a moment later.
        assertThat(scene.logs().of(pod.getMetadata().getName(), PodEdit.PROXY))
                .filteredOn(line -> line.text().contains("Asked to end reason="))
                .first()
                .asString()
                .contains(
                        switch (shape) {
                            case NATIVE -> "reason=TERM";
                            case PLAIN -> "reason=SHUTDOWN";
                        });
    }

    private static ContainerStateTerminated terminated(Pod pod, String container) {
        return Stream.concat(
                        pod.getStatus().getContainerStatuses().stream(),
                        pod.getStatus().getInitContainerStatuses().stream())
                .filter(status -> status.getName().equals(container))
                .map(ContainerStatus::getState)
                .map(state -> state.getTerminated())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(
                        () -> new AssertionError(container + " has not ended: " + pod.getStatus()));
    }
}
