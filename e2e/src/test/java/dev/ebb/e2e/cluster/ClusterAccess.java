package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.nio.file.Path;
import java.time.Duration;

/// The cluster that a run uses, ready for tests: reached, with our images and the control plane in
/// it. Made once a run.
final class ClusterAccess implements AutoCloseable {
    private final KubernetesClient client;
    private final ControlPlane controlPlane;

    private ClusterAccess(KubernetesClient client, ControlPlane controlPlane) {
        this.client = client;
        this.controlPlane = controlPlane;
    }

    /// @throws IllegalStateException says in one line what is missing
    static ClusterAccess open() {
        Path kubeconfig =
                Home.kubeconfig()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        "e2e: no cluster: neither EBB_KUBECONFIG nor"
                                                + " e2e/kind/target/kubeconfig can be read (expected:"
                                                + " make cluster-up)"));
        Config config = Config.fromKubeconfig(kubeconfig.toFile());
        config.setRequestTimeout((int) Duration.ofSeconds(30).toMillis());
        KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        try {
            client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            client.close();
            throw new IllegalStateException(
                    "e2e: the cluster of %s does not answer: %s"
                            .formatted(kubeconfig, e.getMessage()),
                    e);
        }
        Images.Change change = Home.isOwnCluster() ? Images.load(client) : Images.Change.NONE;
        return new ClusterAccess(client, ControlPlane.install(client, change));
    }

    KubernetesClient client() {
        return client;
    }

    ControlPlane controlPlane() {
        return controlPlane;
    }

    @Override
    public void close() {
        client.close();
    }
}
