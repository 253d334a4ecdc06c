package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.Manifests;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// An application whose image has no shell and no `sleep`: the hold is a question over HTTP and
/// needs neither, where the recipe that everybody knows fails without a word to its clients.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class ScratchImageE2E {
    private static final int REPLICAS = 2;
    private static final Duration SLOW = Duration.ofSeconds(5);

    private static final Duration START = Duration.ofMinutes(2);

    /// What hooks are written in.
    private static final List<String> HOOKS =
            List.of("/bin/sh", "/bin/bash", "/bin/busybox", "/bin/sleep", "/usr/bin/sleep");

    private static final String JAVA = "/ebb/jre/bin/java";

    @Parameter private Shape shape = Shape.NATIVE;

    /// Each is started in a container of its own, and Java beside them: containers of this image do
    /// start.
    @Test
    void imageHasNothingThatAHookCouldRun(Scene scene) {
        Pod pod = (Pod) Manifests.read(scene.client(), "outside.yaml").getFirst();
        Container app = pod.getSpec().getContainers().getFirst();
        pod.getSpec()
                .setContainers(
                        Stream.concat(HOOKS.stream(), Stream.of(JAVA))
                                .map(program -> only(program, app))
                                .toList());

        scene.apply(List.of(pod));
        Map<String, ContainerStateTerminated> ends = awaitEnds(scene);

        assertThat(end(ends, JAVA).getExitCode()).isZero();
        for (String program : HOOKS) {
            ContainerStateTerminated end = end(ends, program);
            Figures.print(
                    "ScratchImageE2E, %s: %s, exit code %d"
                            .formatted(program, end.getReason(), end.getExitCode()));
            assertThat(end.getMessage()).contains(program, "no such file or directory");
        }
    }

    /// Re-sending is off, so that the hold is seen alone.
    @Test
    void holdNeedsNoShell(Scene scene) {
        WebService web = underLoad(scene, PodEdit::withoutReSending);

        Leaving.begin(web, "slow").awaitReplaced();
        web.stopClients();

        Verdict verdict = web.verdict();
        List<Departure> departures = web.departures();
        Figures.print(
                "ScratchImageE2E, %s: %s%n%s"
                        .formatted(shape, verdict, Departure.table(departures)));
        assertThat(verdict.lost()).as("%s", verdict).isZero();
        assertThat(verdict.duplicated()).isZero();
        assertThat(verdict.unrecorded()).isZero();
        assertThat(departures).hasSize(1).allSatisfy(Departure::checkTermAfterApplied);
        assertThat(scene.events("FailedPreStopHook")).isEmpty();
    }

    /// The negative control: the hold is taken out, and a hook that needs a shell put in its place.
    @Test
    void hookThatNeedsAShellHoldsNothing(Scene scene) {
        WebService web =
                underLoad(
                        scene,
                        pod -> pod.withoutReSending().commandHook("/bin/sh", "-c", "sleep 20"));

        Leaving.begin(web, "slow").awaitReplaced();
        web.stopClients();

        Verdict verdict = web.verdict();
        List<String> failures = scene.events("FailedPreStopHook");
        Figures.print(
                "ScratchImageE2E, %s, with a hook that needs a shell: %s; its Events: %s"
                        .formatted(shape, verdict, failures));
        assertThat(failures).isNotEmpty();
        assertThat(verdict.lost()).isPositive();
    }

    private WebService underLoad(Scene scene, Consumer<PodEdit> edit) {
        WebService web = WebService.create(scene, shape, REPLICAS, edit);
        web.client("fast", edit);
        web.client("slow", edit.andThen(pod -> pod.slow(SLOW)));
        web.awaitLoad();
        return web;
    }

    /// A container of the application's image in which only this program runs.
    private static Container only(String program, Container app) {
        return new ContainerBuilder(app)
                .withName(name(program))
                .withCommand(program)
                .withArgs("--version")
                .build();
    }

    /// A container's name: `bin-sh`.
    private static String name(String program) {
        return program.substring(1).replace('/', '-');
    }

    private static ContainerStateTerminated end(
            Map<String, ContainerStateTerminated> ends, String program) {
        return Objects.requireNonNull(ends.get(name(program)), program);
    }

    private static Map<String, ContainerStateTerminated> awaitEnds(Scene scene) {
        Poll.until(
                "the end of " + HOOKS.size() + " programs and Java",
                START,
                () -> ends(scene).size() == HOOKS.size() + 1);
        return ends(scene);
    }

    private static Map<String, ContainerStateTerminated> ends(Scene scene) {
        return scene.pods("outside").stream()
                .flatMap(pod -> pod.getStatus().getContainerStatuses().stream())
                .filter(status -> status.getState().getTerminated() != null)
                .collect(
                        Collectors.toMap(
                                ContainerStatus::getName,
                                status -> status.getState().getTerminated()));
    }
}
