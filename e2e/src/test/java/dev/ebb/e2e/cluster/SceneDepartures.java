package dev.ebb.e2e.cluster;

import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.Instance;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;

/// Every departure of a scene, also of pods that its test does not look at. A departure that the
/// control plane does not know any more is known by the logs of its pod.
final class SceneDepartures {
    /// How long a log may be behind the end of its container.
    private static final Duration LOGS = Duration.ofSeconds(10);

    private SceneDepartures() {}

    /// In the order in which they were released.
    static List<Departure> of(Scene scene) {
        awaitLogs(scene);
        Map<String, DepartureReport> reports = new LinkedHashMap<>();
        pods(scene).forEach(pod -> reports.put(pod, unknown(pod)));
        scene.controlPlane().departures().stream()
                .filter(report -> isHere(scene, report.getInstance()))
                .forEach(report ->
                        reports.merge(
                                report.getInstance().getName(),
                                report,
                                SceneDepartures::withAllVotes));
        return reports.values().stream()
                .map(report -> Departure.of(scene.logs(), report))
                .sorted(Departure.BY_RELEASE)
                .toList();
    }

    /// What every application that has Ebb's hook is promised; empty if all of them had it.
    static Optional<AssertionError> toldTooEarly(Scene scene, List<Departure> departures) {
        try {
            departures.stream()
                    .filter(each -> isHeld(scene, each.pod()))
                    .forEach(each -> {
                        each.checkOrder();
                        if (!scene.controlPlane().isOwn()) {
                            each.checkKnown();
                        }
                    });
            return Optional.empty();
        } catch (AssertionError e) {
            return Optional.of(e);
        }
    }

    /// Whether the pod's application has Ebb's hook.
    static boolean isHeld(Scene scene, String pod) {
        return scene.logs().pod(pod).stream()
                .map(Pod::getSpec)
                .flatMap(spec -> spec.getContainers().stream())
                .filter(container -> container.getName().equals(PodEdit.APP))
                .map(container -> Optional.ofNullable(container.getLifecycle()))
                .flatMap(Optional::stream)
                .map(lifecycle -> lifecycle.getPreStop())
                .filter(Objects::nonNull)
                .anyMatch(hook ->
                        hook.getHttpGet() != null
                                && "/departure".equals(hook.getHttpGet().getPath()));
    }

    /// Where there are two replicas, the one that released last, with the other's subscribers. When
    /// those had applied is counted from when the other heard of the departure, so it is left out.
    private static DepartureReport withAllVotes(DepartureReport one, DepartureReport other) {
        boolean otherIsLast =
                Departure.millis(other.getReleased()) >= Departure.millis(one.getReleased());
        DepartureReport last = otherIsLast ? other : one;
        DepartureReport first = otherIsLast ? one : other;
        return last.toBuilder()
                .addAllVotes(
                        first.getVotesList().stream()
                                .map(vote -> vote.toBuilder().clearApplied().build())
                                .toList())
                .build();
    }

    /// Those whose proxy has written of a release, and those whose application has been told.
    private static Stream<String> pods(Scene scene) {
        return scene.logs().lines().stream()
                .filter(line ->
                        isTerm(line)
                                || (line.container().equals(PodEdit.PROXY)
                                        && Departure.Release.parse(line).isPresent()))
                .map(LogLine::pod)
                .filter(pod -> scene.logs().of(pod, PodEdit.PROXY).findAny().isPresent())
                .distinct();
    }

    /// The application's log may be ahead of its proxy's.
    private static void awaitLogs(Scene scene) {
        try {
            Poll.until(
                    "the releases of all that were told",
                    LOGS,
                    () ->
                            scene.logs().lines().stream()
                                    .filter(SceneDepartures::isTerm)
                                    .map(LogLine::pod)
                                    .filter(pod -> isHeld(scene, pod))
                                    .allMatch(pod ->
                                            Departure.Release.of(scene.logs(), pod).isPresent()));
        } catch (ConditionTimeoutException e) {
            // The check says which one it is.
        }
    }

    private static boolean isTerm(LogLine line) {
        return line.container().equals(PodEdit.APP) && line.isAbout("term");
    }

    private static DepartureReport unknown(String pod) {
        return DepartureReport.newBuilder().setInstance(Instance.newBuilder().setName(pod)).build();
    }

    /// By the UID: another scene has had pods of the same name.
    private static boolean isHere(Scene scene, Instance instance) {
        return scene.logs()
                .pod(instance.getName())
                .filter(pod -> pod.getMetadata().getUid().equals(instance.getUid()))
                .isPresent();
    }
}
