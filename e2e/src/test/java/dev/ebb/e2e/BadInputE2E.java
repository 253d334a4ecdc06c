package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.Manifests;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.PodTrouble;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// What somebody sees whose pods are wrong: a clear line where they look, in time.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class BadInputE2E {
    private static final Duration SEEN = Duration.ofMinutes(5);
    private static final String POD = "client";
    private static final int CALLS = 3;

    /// The proxy waits 3 s for an endpoint to come; the caller would wait 20 s.
    private static final Duration ANSWER = Duration.ofSeconds(5);

    @Parameter private Shape shape = Shape.NATIVE;

    @ParameterizedTest
    @CsvSource({
        "EBB_PROXY_GRACE, soon, 'EBB_PROXY_GRACE: \"soon\"'",
        "EBB_PROXY_GRAZE, 60s, EBB_PROXY_GRAZE",
    })
    void variableOfTheProxyIsNamedByThePodAndByItsLog(
            String name, String value, String said, Scene scene) {
        Pod pod = pod(scene);
        PodEdit.of(pod).proxy(name, value);

        scene.apply(List.of(pod));

        // It ends again and again, and is running in between.
        List<PodTrouble> seen =
                Poll.until(
                        "the pod to name " + name,
                        SEEN,
                        () -> PodTrouble.of(scene.pod(POD).stream().toList()),
                        troubles ->
                                troubles.stream()
                                        .map(PodTrouble::text)
                                        .anyMatch(text ->
                                                text.contains("container ebb-proxy: ")
                                                        && text.contains("ended with 64: ")
                                                        && text.contains(said)));
        Poll.until(
                "the log to name " + name,
                SEEN,
                () ->
                        scene.logs()
                                .of(POD, PodEdit.PROXY)
                                .map(LogLine::text)
                                .anyMatch(line -> line.contains(said)));
        Figures.print("BadInputE2E, %s: %s".formatted(shape, seen));
    }

    /// The suite's own waiting says it too, and does not wait for its deadline.
    @ParameterizedTest
    @CsvSource({"Never, ErrImageNeverPull", "IfNotPresent, ImagePull"})
    void imageThatIsNotLoadedIsNamedByThePodAndByEvents(
            String pullPolicy, String reason, Scene scene) {
        String image = "ebb.dev/ebb-testapp:not-loaded";
        Pod pod = pod(scene);
        PodEdit.of(pod).image(image, pullPolicy);
        scene.apply(List.of(pod));

        Throwable failure = catchThrowable(() -> scene.awaitReady(POD));

        Figures.print("BadInputE2E, %s: %s".formatted(shape, failure.getMessage()));
        assertThat(failure)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("pod client, container app: ")
                .hasMessageContaining(reason)
                .hasMessageContaining(image);
        Poll.until(
                "an Event that names the image",
                SEEN,
                () ->
                        scene.events(pullPolicy.equals("Never") ? reason : "Failed").stream()
                                .anyMatch(message -> message.contains(image)));
    }

    @Test
    void serviceWithoutEndpointsIsAnsweredInTimeAndShownByEbbEndpoints(Scene scene) {
        scene.apply(
                List.of(
                        new ServiceBuilder()
                                .withNewMetadata()
                                .withName("lonely")
                                .endMetadata()
                                .withNewSpec()
                                .addToSelector("app", "nobody")
                                .addNewPort()
                                .withPort(80)
                                .endPort()
                                .endSpec()
                                .build()));
        List<HasMetadata> job = Manifests.of(scene.client(), shape, "job");
        PodEdit.of(job.getFirst())
                .argument("--to=web:80", "--to=lonely:80")
                .argument("--exit=0", "--calls=" + CALLS);

        scene.apply(job);
        Poll.until("the end of all calls", SEEN, () -> ofTheJob(scene, "worked").size() == 1);

        List<LogLine> lost = ofTheJob(scene, "lost");
        long between = lost.getLast().millis() - lost.getFirst().millis();
        String destination = "lonely." + scene.namespace() + ":80";
        // It has a time limit of its own, which a busy machine may exceed.
        String published =
                Poll.until(
                        "ebb endpoints " + destination,
                        SEEN,
                        () -> scene.controlPlane().ebb("endpoints", destination),
                        said -> said.contains(destination + " has no endpoints."));
        Figures.print(
                "BadInputE2E, %s: %s; the others within %d ms; ebb endpoints: %s"
                        .formatted(
                                shape,
                                lost.getFirst().fields().getLast(),
                                between,
                                published.strip()));
        assertThat(lost)
                .hasSize(CALLS)
                .allSatisfy(
                        line -> assertThat(line.text()).contains("503").contains("(no_endpoint"));
        assertThat(between).isLessThan((CALLS - 1) * ANSWER.toMillis());
    }

    private Pod pod(Scene scene) {
        return (Pod) Manifests.of(scene.client(), shape, "client").getFirst();
    }

    private static List<LogLine> ofTheJob(Scene scene, String what) {
        return scene.logs().lines().stream()
                .filter(line -> line.container().equals(PodEdit.APP) && line.isAbout(what))
                .toList();
    }
}
