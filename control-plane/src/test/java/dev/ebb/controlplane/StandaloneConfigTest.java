package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.env.Env;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From flags and environment to the configuration.
class StandaloneConfigTest {
    @TempDir private Path directory;

    @Test
    void defaultsListenOnLoopbackOnly() {
        StandaloneConfig config = StandaloneConfig.read(new Settings(Map.of(), Map.of()));

        assertThat(config.server().listen()).hasToString("/127.0.0.1:8086");
        assertThat(config.server().adminListen()).hasToString("/127.0.0.1:9991");
        assertThat(config.registry()).isEmpty();
        assertThat(config.server().warmUp()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.server().maxCallsPerPeer()).isEqualTo(4096);
        assertThat(config.token()).isEmpty();
    }

    @Test
    void everyVariableIsRead() throws Exception {
        Path token = Files.writeString(directory.resolve("token"), "secret\n");
        Map<String, String> environment =
                Map.of(
                        "EBB_CONTROL_PLANE_LISTEN", "0.0.0.0:1",
                        "EBB_CONTROL_PLANE_ADMIN_LISTEN", "[::]:2",
                        "EBB_CONTROL_PLANE_REGISTRY", "/r.yaml",
                        "EBB_CONTROL_PLANE_WARM_UP", "500ms",
                        "EBB_CONTROL_PLANE_MAX_CALLS_PER_PEER", "7",
                        "EBB_CONTROL_PLANE_TOKEN_FILE", token.toString());
        Settings settings = new Settings(environment, Map.of());

        StandaloneConfig config = StandaloneConfig.read(settings);

        assertThat(settings.problems(Env.of(Map.of()))).isEmpty();
        assertThat(config.server().listen().getPort()).isEqualTo(1);
        assertThat(config.server().adminListen().getPort()).isEqualTo(2);
        assertThat(config.registry()).contains(Path.of("/r.yaml"));
        assertThat(config.server().warmUp()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.server().maxCallsPerPeer()).isEqualTo(7);
        assertThat(config.token()).contains("secret");
        assertThat(config.server().describe().toString()).doesNotContain("secret");
    }

    @Test
    void flagHidesItsVariable() {
        Settings settings =
                new Settings(
                        Map.of("EBB_CONTROL_PLANE_WARM_UP", "nonsense"),
                        Map.of("EBB_CONTROL_PLANE_WARM_UP", "3s"));

        StandaloneConfig config = StandaloneConfig.read(settings);

        assertThat(config.server().warmUp()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.problems(Env.of(Map.of()))).isEmpty();
    }

    @Test
    void tokenFileMustHoldOneToken() throws Exception {
        for (String content : List.of("", "two words", "two\nlines", "x".repeat(5_000))) {
            Path file = Files.writeString(directory.resolve("token"), content);
            Settings settings =
                    new Settings(Map.of(), Map.of("EBB_CONTROL_PLANE_TOKEN_FILE", file.toString()));

            StandaloneConfig config = StandaloneConfig.read(settings);

            assertThat(config.token()).isEmpty();
            assertThat(settings.problems(Env.of(Map.of())))
                    .singleElement()
                    .asString()
                    .startsWith("--token-file: \"" + file + "\" (expected: a file with a token");
        }
    }
}
