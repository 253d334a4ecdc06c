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
import java.util.Objects;
import java.util.Optional;
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

    /// All at once, so that the CronJob's minute is everybody's.
    @Test
    void jobsEndWithTheirWorkAndItsExitCodeArrives(Scene scene) {
        WebService.create(scene, shape, 1, _ -> {});
        scene.awaitRollout(WebService.NAME);

        create(scene, "cronjob", "scheduled", _ -> {});
        create(scene, "job", "succeeds", _ -> {});
        create(scene, "job", "fails", pod -> pod.argument("--exit=0", "--exit=3"));
        create(scene, "job", "program", this::imageOfEbbAwait);

        assertEnded(scene, "succeeds", 0);
        assertEnded(scene, "fails", 3);
        assertEnded(scene, "program", 0);
        assertEnded(scene, "scheduled", 0);
    }

    /// Beside ebb-await its image has a JVM, which is a program like any other.
    private void imageOfEbbAwait(PodEdit pod) {
        String[] arguments =
                switch (shape) {
                    case NATIVE -> new String[] {"--", "/ebb/jre/bin/java", "--version"};
                    case PLAIN -> new String[] {"-S", "--", "/ebb/jre/bin/java", "--version"};
                };
        pod.image("ebb.dev/ebb-await:dev", "IfNotPresent").arguments(arguments);
    }

    private void create(Scene scene, String manifest, String name, Consumer<PodEdit> edit) {
        List<HasMetadata> objects = Manifests.of(scene.client(), shape, manifest);
        HasMetadata work = objects.getFirst();
        work.getMetadata().setName(name);
        edit.accept(PodEdit.of(work));
        scene.apply(objects);
    }

    /// The Job ended as its work did; the application with this code, the proxy with 0, soon after.
    private void assertEnded(Scene scene, String name, int exitCode) {
        Job job = awaitEnd(scene, name);
        assertThat(exitCode == 0 ? job.getStatus().getSucceeded() : job.getStatus().getFailed())
                .as(name)
                .isEqualTo(1);
        assertEnded(scene, podOf(scene, job), name, exitCode);
    }

    /// Waits until the Job, or the first of the CronJob, has succeeded or failed.
    private static Job awaitEnd(Scene scene, String name) {
        return Poll.until(
                        "the end of the Job " + name,
                        END,
                        () -> jobs(scene, name).filter(JobE2E::hasEnded).findFirst(),
                        Optional::isPresent)
                .orElseThrow();
    }

    private static Stream<Job> jobs(Scene scene, String name) {
        return scene
                .client()
                .batch()
                .v1()
                .jobs()
                .inNamespace(scene.namespace())
                .list()
                .getItems()
                .stream()
                .filter(job -> (job.getMetadata().getName() + "-").startsWith(name + "-"));
    }

    private static Pod podOf(Scene scene, Job job) {
        return scene.client()
                .pods()
                .inNamespace(scene.namespace())
                .withLabel("batch.kubernetes.io/job-name", job.getMetadata().getName())
                .list()
                .getItems()
                .getFirst();
    }

    private static boolean hasEnded(Job job) {
        return job.getStatus().getConditions().stream()
                .anyMatch(condition ->
                        List.of("Complete", "Failed").contains(condition.getType())
                                && condition.getStatus().equals("True"));
    }

    private void assertEnded(Scene scene, Pod pod, String name, int exitCode) {
        ContainerStateTerminated app = terminated(pod, PodEdit.APP);
        ContainerStateTerminated proxy = terminated(pod, PodEdit.PROXY);
        Duration after =
                Duration.between(
                        Instant.parse(app.getFinishedAt()), Instant.parse(proxy.getFinishedAt()));
        Figures.print(
                "JobE2E, %s, %s: application %d, proxy %d, %d s later"
                        .formatted(
                                shape,
                                name,
                                app.getExitCode(),
                                proxy.getExitCode(),
                                after.toSeconds()));
        assertThat(app.getExitCode()).as(name).isEqualTo(exitCode);
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
