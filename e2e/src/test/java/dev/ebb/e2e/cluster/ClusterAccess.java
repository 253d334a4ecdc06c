package dev.ebb.e2e.cluster;

import dev.ebb.logging.Logging;
import io.fabric8.kubernetes.api.model.NamedContext;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
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
        // The client warns, with a stack trace, of every port-forward that it closes.
        Logging.levels("warn,io.fabric8=error");
        Config config = read(kubeconfig);
        checkAnswers(config, kubeconfig);
        Figures.print(
                "cluster: %s at %s"
                        .formatted(config.getCurrentContext().getName(), config.getMasterUrl()));
        KubernetesClient client = new KubernetesClientBuilder().withConfig(config).build();
        ControlPlane controlPlane = ControlPlane.shared(client);
        if (!Home.isOwnCluster()) {
            controlPlane.checkThatItIsOurs();
        }
        Scene.removeAll(client);
        Images.Change change = Home.isOwnCluster() ? Images.load(client) : Images.Change.NONE;
        try {
            controlPlane.install(change);
        } catch (RuntimeException e) {
            Path folder = Home.file("e2e/target/e2e-failures/control-plane");
            FailureFolder.write(client, controlPlane, e, folder);
            Figures.print("what is left of it: " + folder);
            throw e;
        }
        return new ClusterAccess(client, controlPlane);
    }

    private static Config read(Path kubeconfig) {
        Config config;
        try {
            config = Config.fromKubeconfig(kubeconfig.toFile());
        } catch (RuntimeException e) {
            throw new IllegalStateException(
                    "e2e: %s cannot be read (expected: a kubeconfig): %s"
                            .formatted(kubeconfig, rootOf(e)),
                    e);
        }
        if (config.getCurrentContext() == null) {
            throw new IllegalStateException(
                    "e2e: the current context of %s is not in it (expected: one of %s)"
                            .formatted(
                                    kubeconfig,
                                    config.getContexts().stream()
                                            .map(NamedContext::getName)
                                            .toList()));
        }
        config.setRequestTimeout((int) Duration.ofSeconds(30).toMillis());
        return config;
    }

    /// One question without a second attempt.
    private static void checkAnswers(Config config, Path kubeconfig) {
        Config once = new ConfigBuilder(config).withRequestRetryBackoffLimit(0).build();
        try (KubernetesClient client = new KubernetesClientBuilder().withConfig(once).build()) {
            client.getKubernetesVersion();
        } catch (KubernetesClientException e) {
            throw new IllegalStateException(
                    "e2e: the cluster of %s does not answer at %s (expected: one that runs, such as that of make cluster-up): %s"
                            .formatted(kubeconfig, config.getMasterUrl(), rootOf(e)),
                    e);
        }
    }

    private static Throwable rootOf(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
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
