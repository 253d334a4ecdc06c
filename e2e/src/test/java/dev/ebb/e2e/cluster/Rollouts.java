package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.DeploymentStatus;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// When a Deployment has become what its spec says.
final class Rollouts {
    private Rollouts() {}

    /// As `kubectl rollout status` judges it.
    static boolean isComplete(@Nullable Deployment deployment) {
        if (deployment == null || deployment.getStatus() == null) {
            return false;
        }
        Integer wanted = deployment.getSpec().getReplicas();
        DeploymentStatus status = deployment.getStatus();
        return Objects.equals(
                        status.getObservedGeneration(), deployment.getMetadata().getGeneration())
                && Objects.equals(status.getUpdatedReplicas(), wanted)
                && Objects.equals(status.getReplicas(), wanted)
                && Objects.equals(status.getAvailableReplicas(), wanted);
    }
}
