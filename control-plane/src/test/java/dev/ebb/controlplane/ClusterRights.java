package dev.ebb.controlplane;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.authentication.TokenRequestBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// The rights that `deploy/ebb.yaml` gives, and a token that has no others.
final class ClusterRights {
    private static final Path MANIFEST = Path.of("../deploy/ebb.yaml");

    /// Applies the whole manifest; nothing here runs its Deployment.
    static void grant(KubernetesClient admin) throws IOException {
        try (InputStream manifest = Files.newInputStream(MANIFEST)) {
            for (HasMetadata object : admin.load(manifest).items()) {
                var _ = admin.resource(object).forceConflicts().serverSideApply();
            }
        }
    }

    /// Of the control plane's ServiceAccount.
    static String token(KubernetesClient admin) {
        return admin.serviceAccounts()
                .inNamespace("ebb")
                .withName("ebb-control-plane")
                .tokenRequest(
                        new TokenRequestBuilder()
                                .withNewSpec()
                                .withAudiences("https://kubernetes.default.svc")
                                .endSpec()
                                .build())
                .getStatus()
                .getToken();
    }

    private ClusterRights() {}
}
