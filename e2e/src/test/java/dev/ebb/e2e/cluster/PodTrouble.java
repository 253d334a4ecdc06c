package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Why a container does not run, in the kubelet's words.
///
/// @param reason `ErrImageNeverPull`, `CrashLoopBackOff` …
/// @param text names the pod and the container too, and how its last run ended
public record PodTrouble(String reason, String text) {
    /// What no waiting cures: images are loaded before the tests begin, and nothing is pulled.
    private static final Set<String> HOPELESS =
            Set.of(
                    "CreateContainerConfigError",
                    "ErrImageNeverPull",
                    "ErrImagePull",
                    "ImagePullBackOff",
                    "InvalidImageName");

    /// What keeps containers of these pods from running now.
    public static List<PodTrouble> of(List<Pod> pods) {
        return pods.stream()
                .flatMap(pod ->
                        Stream.concat(
                                        pod.getStatus().getInitContainerStatuses().stream(),
                                        pod.getStatus().getContainerStatuses().stream())
                                .flatMap(status -> of(pod, status).stream()))
                .toList();
    }

    boolean isHopeless() {
        return HOPELESS.contains(reason);
    }

    @Override
    public String toString() {
        return text;
    }

    private static Optional<PodTrouble> of(Pod pod, ContainerStatus status) {
        ContainerStateWaiting waiting = status.getState().getWaiting();
        ContainerStateTerminated ended = status.getState().getTerminated();
        // While it is being created, a container waits without a message.
        if (waiting != null && waiting.getMessage() != null) {
            String why = waiting.getReason() + ": " + waiting.getMessage();
            ContainerStateTerminated last = status.getLastState().getTerminated();
            return Optional.of(
                    of(
                            pod,
                            status,
                            waiting.getReason(),
                            last == null ? why : why + "; it " + words(last)));
        }
        if (ended != null && ended.getExitCode() != 0) {
            return Optional.of(of(pod, status, ended.getReason(), words(ended)));
        }
        return Optional.empty();
    }

    private static PodTrouble of(Pod pod, ContainerStatus status, String reason, String why) {
        return new PodTrouble(
                reason,
                "pod %s, container %s: %s"
                        .formatted(pod.getMetadata().getName(), status.getName(), why));
    }

    private static String words(ContainerStateTerminated end) {
        return "ended with %d%s"
                .formatted(
                        end.getExitCode(),
                        end.getMessage() == null ? "" : ": " + end.getMessage().strip());
    }
}
