package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells whether the application in a pod has terminated for good: every container but the proxy's
/// has ended and the kubelet will start none of them again.
///
/// @see <a
///   href="https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy">Container
///   restart policy</a>
final class ApplicationEnd {

    static boolean isGone(Pod pod) {
        List<Container> application =
                FromApi.orEmpty(pod.getSpec().getContainers()).stream()
                        .filter(container -> !FromApi.isProxy(container))
                        .toList();
        return !application.isEmpty()
                && application.stream().allMatch(container -> hasEndedForGood(pod, container));
    }

    private static boolean hasEndedForGood(Pod pod, Container container) {
        return terminated(pod, container.getName())
                .filter(end -> !isStartedAgain(pod, container, end))
                .isPresent();
    }

    private static boolean isStartedAgain(
            Pod pod, Container container, ContainerStateTerminated end) {
        // What is being deleted is not started again.
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return false;
        }
        return switch (restartPolicy(pod, container)) {
            case "Never" -> false;
            case "OnFailure" -> end.getExitCode() == null || end.getExitCode() != 0;
            default -> true;
        };
    }

    /// A container's own policy outweighs its pod's.
    private static String restartPolicy(Pod pod, Container container) {
        String own = container.getRestartPolicy();
        String ofPod = pod.getSpec().getRestartPolicy();
        return own != null ? own : ofPod != null ? ofPod : "Always";
    }

    private static Optional<ContainerStateTerminated> terminated(Pod pod, @Nullable String name) {
        if (pod.getStatus() == null) {
            return Optional.empty();
        }
        return FromApi.orEmpty(pod.getStatus().getContainerStatuses()).stream()
                .filter(status -> status.getName().equals(name))
                .findFirst()
                .map(ContainerStatus::getState)
                .flatMap(state -> Optional.ofNullable(state.getTerminated()));
    }

    private ApplicationEnd() {}
}
