package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The program, told of a cluster that is not there; and that it needs none of this without one.
class KubernetesCommandIT {
    private static final Duration LIMIT = Duration.ofSeconds(30);

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
        Path file = kubeconfig("https://127.0.0.1:1");
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
    void contextInAPodIsRefused() throws Exception {
        Map<String, String> environment = Map.of("KUBERNETES_SERVICE_HOST", "127.0.0.1");
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(environment, "kubernetes", "--context=green")) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output())
                    .contains("context: \"green\" needs a kubeconfig")
                    .contains("(expected: --kubeconfig FILE)");
        }
    }

    /// It is not an error of the control plane's: the API server may come.
    @ParameterizedTest
    @CsvSource({
        "https://127.0.0.1:1, cannot connect: nothing listens there",
        "https://api.invalid:6443, cannot connect: no such host",
    })
    void unreachableApiServerIsNamedAndTriedAgainUntilTerm(String server, String reason)
            throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "kubernetes",
                        "--kubeconfig=" + kubeconfig(server),
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0")) {
            process.awaitStarted();
            await().atMost(LIMIT)
                    .until(
                            process::output,
                            output ->
                                    output.contains("apiServer=" + server)
                                            && output.contains(
                                                    "Cannot list and watch; trying again")
                                            && output.contains(reason));

            process.signal("TERM");

            assertThat(process.exitCode()).isZero();
            assertThat(process.output()).doesNotContain("\tat ");
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

    private Path kubeconfig(String server) throws IOException {
        return Files.writeString(
                directory.resolve("config"),
                """
                apiVersion: v1
                kind: Config
                clusters: [{name: c, cluster: {server: "%s"}}]
                users: [{name: u, user: {token: t}}]
                contexts: [{name: blue, context: {cluster: c, user: u}}]
                current-context: blue
                """
                        .formatted(server));
    }
}
