package dev.ebb.e2e.kind;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Home;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `make cluster-up`, the first thing that `make e2e` does, on a machine that lacks something: one
/// line says what, and what will not run. The machine is a folder of programs, some of them false,
/// and nothing else is on the path.
class ClusterUpTest {
    private static final List<String> NEEDED =
            List.of(
                    "bash",
                    "cat",
                    "chmod",
                    "cut",
                    "df",
                    "dirname",
                    "env",
                    "find",
                    "flock",
                    "grep",
                    "ls",
                    "mkdir",
                    "sed",
                    "sha256sum",
                    "sort",
                    "tail",
                    "tr",
                    "xargs");

    private static final String NO_E2E = "; there is no cluster, so the e2e tests cannot run";

    @TempDir private Path directory;
    private Path programs = Path.of("");

    /// How a script ended.
    private record End(int code, List<String> lines) {}

    @BeforeEach
    void machineHasEverything() throws IOException {
        programs = Files.createDirectory(directory.resolve("programs"));
        for (String name : NEEDED) {
            says(name, "exec %s \"$@\"".formatted(where(name)));
        }
        says("id", "case $1 in -u) echo 0 ;; *) echo root ;; esac");
        says("df", "echo Avail; echo 99999999");
        says("go", "exit 1");
        says("docker", "exit 1");
    }

    @Test
    void whoIsNotRootIsToldWhatRootIsNeededFor() throws Exception {
        says("id", "case $1 in -u) echo 1000 ;; *) echo somebody ;; esac");

        End end = clusterUp(Map.of());

        assertThat(end.code()).isEqualTo(77);
        assertThat(end.lines())
                .singleElement()
                .asString()
                .startsWith(
                        "cluster-up: building and closing the nodes needs root (this is user somebody)")
                .endsWith(NO_E2E);
    }

    @Test
    void fullDiskIsNamedWithWhatIsNeeded() throws Exception {
        says("df", "echo Avail; echo 1048576");

        End end = clusterUp(Map.of());

        assertThat(end.code()).isEqualTo(69);
        assertThat(end.lines())
                .containsExactly(
                        "cluster-up: disk is missing: %s has 1 GiB free (expected: at least 14)%s"
                                .formatted(directory.resolve("cache/kind"), NO_E2E));
    }

    @Test
    void missingGoIsNamed() throws Exception {
        Files.delete(programs.resolve("go"));

        End end = clusterUp(Map.of());

        assertThat(end.code()).isEqualTo(69);
        assertThat(end.lines())
                .containsExactly(
                        "cluster-up: go is missing (expected: Go 1.24 or later on the PATH)"
                                + NO_E2E);
    }

    /// With an image from a registry root is needed only to start Docker.
    @Test
    void missingDockerIsNamed() throws Exception {
        says("id", "case $1 in -u) echo 1000 ;; *) echo somebody ;; esac");

        End end = clusterUp(Map.of("EBB_KIND_NODE_IMAGE", "kindest/node:v1.34.0"));

        assertThat(end.code()).isEqualTo(77);
        assertThat(end.lines())
                .containsExactly(
                        "cluster-up: starting Docker ...",
                        "docker-up: no Docker answers, and starting one needs root (this is user somebody)"
                                + NO_E2E);
    }

    /// Before the images are built, which takes minutes.
    @Test
    void kubeconfigThatCannotBeReadIsNamed() throws Exception {
        Path file = directory.resolve("nowhere");

        End end =
                run(
                        Map.of("EBB_KUBECONFIG", file.toString()),
                        where("make").toString(),
                        "--directory=" + Home.file(""),
                        "e2e");

        assertThat(end.code()).isNotZero();
        assertThat(end.lines())
                .contains(
                        "e2e: EBB_KUBECONFIG=%s cannot be read (expected: the kubeconfig of a cluster that has the images); the e2e tests cannot run"
                                .formatted(file));
    }

    private End clusterUp(Map<String, String> environment) throws Exception {
        return run(
                environment, where("bash").toString(), Home.file("e2e/kind/cluster-up").toString());
    }

    private End run(Map<String, String> environment, String... command) throws Exception {
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().clear();
        builder.environment().put("PATH", programs.toString());
        builder.environment().put("HOME", directory.toString());
        builder.environment().put("EBB_CACHE", directory.resolve("cache").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
        return new End(process.exitValue(), said.lines().toList());
    }

    /// Puts a false program onto the machine.
    private void says(String name, String script) throws IOException {
        Path file = programs.resolve(name);
        Files.writeString(file, "#!%s\n%s\n".formatted(where("bash"), script));
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private static Path where(String name) {
        return List.of("/usr/bin", "/bin").stream()
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(name + " is missing here"));
    }
}
