package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Manifests;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// What Pod Security admission says to the pods: only the init container that writes the rules
/// needs more than the restricted profile allows.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class PodSecurityE2E {
    @Parameter private Shape shape = Shape.NATIVE;

    @Test
    void withoutTheInitContainerTheProfileRestrictedAdmitsThePod(Scene scene) {
        scene.enforce("restricted");
        HasMetadata pod = pod(scene);
        PodEdit.of(pod).withoutRedirection();

        scene.apply(List.of(pod));

        assertThat(scene.pods("client")).hasSize(1);
    }

    @Test
    void withItOnlyTheInitContainerIsNamed(Scene scene) {
        scene.enforce("restricted");

        KubernetesClientException refusal =
                catchThrowableOfType(
                        KubernetesClientException.class, () -> scene.apply(List.of(pod(scene))));

        Figures.print("PodSecurityE2E, " + shape + ": " + refusal.getStatus().getMessage());
        assertThat(refusal.getStatus().getMessage())
                .contains("ebb-init")
                .doesNotContain("ebb-proxy", "\"app\"");
    }

    private HasMetadata pod(Scene scene) {
        return Manifests.of(scene.client(), shape, "client").getFirst();
    }
}
