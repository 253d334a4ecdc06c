package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The program, told of a cluster that is not there; and that it needs none of this without one.
class KubernetesCommandIT {
    @TempDir private Path directory;

    @Test
    void noClusterIsSaidWithWhatWasLookedAt() throws Exception {
        Map<String, String> environment =
                Map.of("KUBECONFIG", directory.resolve("none").toString());
        try (ControlPlaneProcess process = ControlPlaneProcess.start(environment, "kubernetes")) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output())
                    .contains("no cluster: KUBERNETES_SERVICE_HOST is not set")
                    .contains(directory.resolve("none") + " cannot be read")
                    .contains("(expected: --kubeconfig FILE)")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void missingKubeconfigIsNamed() throws Exception {
        Path file = directory.resolve("missing.yaml");
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start("kubernetes", "--kubeconfig=" + file)) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output()).contains("kubeconfig: " + file + " cannot be read");
        }
    }

    @Test
    void wrongContextIsNamedWithThoseThatThereAre() throws Exception {
        Path file =
                Files.writeString(
                        directory.resolve("config"),
                        """
                        apiVersion: v1
                        kind: Config
                        clusters: [{name: c, cluster: {server: "https://127.0.0.1:1"}}]
                        users: [{name: u, user: {token: t}}]
                        contexts: [{name: blue, context: {cluster: c, user: u}}]
                        current-context: blue
                        """);
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "kubernetes", "--kubeconfig=" + file, "--context=green")) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output())
                    .contains(
                            "context: \"green\" is not in " + file + " (expected: one of [blue])");
        }
    }

    @Test
    void withoutAClusterNothingOfKubernetesIsLoaded() throws Exception {
        Path loaded = directory.resolve("loaded");
        Map<String, String> environment =
                Map.of("JAVA_TOOL_OPTIONS", "-Xlog:class+load=info:file=" + loaded);
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        environment,
                        "standalone",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0")) {
            process.awaitStarted();
            process.signal("TERM");
            assertThat(process.exitCode()).isZero();
        }

        assertThat(Files.readString(loaded))
                .contains("dev.ebb.controlplane.ControlPlane ")
                .doesNotContain("io.fabric8");
    }
}
