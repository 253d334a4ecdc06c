package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.cli.terminal.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// The demo as a user starts it: real processes, real signals.
class DemoIT {
    private static final Path HOME = Path.of(System.getProperty("ebb.home", ".."));

    @TempDir private Path directory;
    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void ebbLosesNothingWherePlainLosesSomething() throws Exception {
        Path evidence = directory.resolve("evidence");
        Process demo =
                demo(
                        List.of("--scenario", "plain,ebb", "--slow-client", "1s"),
                        List.of("--rounds", "1", "-o", "json", "--evidence", evidence.toString()));

        assertThat(demo.waitFor(80, TimeUnit.SECONDS)).as(err()).isTrue();

        assertThat(demo.exitValue()).as(err()).isZero();
        Map<String, JsonNode> scenarios = scenarios(out());
        assertThat(scenarios).containsOnlyKeys("plain", "ebb");
        assertThat(Objects.requireNonNull(scenarios.get("plain")).get("lost").asLong())
                .isPositive();
        JsonNode ebb = Objects.requireNonNull(scenarios.get("ebb"));
        assertThat(ebb.get("requests").asLong()).isPositive();
        assertThat(ebb.get("restarts").asLong()).isEqualTo(3);
        assertThat(ebb.get("lost").asLong()).isZero();
        assertThat(ebb.get("duplicated").asLong()).isZero();
        assertThat(ebb.get("resent").asLong()).isZero();
        // As long as the slow client is slow, and not as long as a guess: the safe minimum is 10 s.
        assertThat(ebb.get("hold_p50_ms").asLong()).isBetween(1000L, 5000L);
        assertThat(err()).contains("3 of 3 departures that waited for the slow client");

        String first = out();
        Process recompute =
                demo(List.of("--recompute", evidence.toString()), List.of("-o", "json"));
        assertThat(recompute.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(out()).isEqualTo(first);
    }

    @Test
    void termInTheMiddleLeavesNoProcessBehind() throws Exception {
        Process demo = demo(List.of("--scenario", "plain"), List.of("--rounds", "1000"));
        await().atMost(Duration.ofSeconds(30)).until(() -> err().contains("replaced"));
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);

        demo.destroy();

        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(128 + 15);
        await().until(() -> children.stream().noneMatch(DemoIT::runs));
        assertThat(out()).isEmpty();
        assertThat(err()).doesNotContain("it has ended");
    }

    @Test
    void aStartThatFailsIsToldAndLeavesNoProcessBehind() throws Exception {
        Path halfBuilt = directory.resolve("half-built");
        Files.createDirectories(halfBuilt.resolve("cli/target/app/lib"));

        Process demo = demo(halfBuilt, List.of("--scenario", "plain"));

        assertThat(demo.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(69);
        assertThat(err())
                .contains("ebb demo: plain/web-", "it has ended (expected: a port that accepts)")
                .doesNotContain("\tat ");
        assertThat(demo.descendants()).isEmpty();
    }

    private Process demo(List<String> first, List<String> second) throws IOException {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(second);
        return demo(HOME, arguments);
    }

    private Process demo(Path home, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-Djava.io.tmpdir=" + directory,
                        "-Debb.home=" + home.toAbsolutePath(),
                        "-cp",
                        HOME.resolve("cli/target/app/lib").toAbsolutePath() + "/*",
                        "dev.ebb.cli.Main",
                        "demo"));
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        started.add(process);
        return process;
    }

    private static Map<String, JsonNode> scenarios(String json) {
        Map<String, JsonNode> byName = new HashMap<>();
        Json.read(json, JsonNode.class)
                .get("scenarios")
                .forEach(each -> byName.put(each.get("name").asString(), each));
        return byName;
    }

    private String out() throws IOException {
        return Files.readString(directory.resolve("out"));
    }

    private String err() throws IOException {
        return Files.readString(directory.resolve("err"));
    }

    private static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }
}
