package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Facts;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.DeparturesReport.VoteLine;
import dev.ebb.cli.terminal.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
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
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/// The demo as a user starts it: real processes, real signals.
class DemoIT {
    private static final Path HOME = Path.of(System.getProperty("ebb.home", ".."));

    private static final Duration START = Duration.ofSeconds(60);

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

        assertThat(demo.waitFor(180, TimeUnit.SECONDS)).as(err()).isTrue();

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
        assertThat(err())
                .contains(
                        "3 departures waited for the slow client; released within 300 ms of its acknowledgement: 3;");

        assertToldWithinASecondOfTheSlowClientsAcknowledgement(evidence);

        String first = out();
        Process recompute =
                demo(List.of("--recompute", evidence.toString()), List.of("-o", "json"));
        assertThat(recompute.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(out()).isEqualTo(first);
    }

    /// From the far side of the hook: when the application itself got TERM, by its own record.
    private static void assertToldWithinASecondOfTheSlowClientsAcknowledgement(Path evidence) {
        Facts ebb = new Evidence(evidence, "ebb").read();
        assertThat(ebb.departures()).hasSize(3);
        for (Departure departure : ebb.departures()) {
            long applied =
                    departure.votes().stream()
                            .filter(vote -> vote.subscriber().equals("client-slow"))
                            .map(VoteLine::appliedMs)
                            .filter(Objects::nonNull)
                            .mapToLong(Long::longValue)
                            .max()
                            .orElseThrow();
            Restart restart =
                    ebb.restarts().stream()
                            .filter(each -> each.replica().equals(departure.instance()))
                            .findFirst()
                            .orElseThrow();
            assertThat(restart.term() - restart.announced())
                    .as("%s: from the announcement to TERM, ms", restart.replica())
                    .isLessThanOrEqualTo(applied + 1_000);
        }
    }

    @ParameterizedTest
    @CsvSource({"plain, TERM, 143", "ebb, INT, 130"})
    void aSignalInTheMiddleLeavesNoProcessBehind(String scenario, String signal, int code)
            throws Exception {
        Process demo = demo(List.of("--scenario", scenario), List.of("--rounds", "1000"));
        await().atMost(START).until(() -> err().contains("replaced"));
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(3);

        signal(signal, demo);

        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(demo.exitValue()).isEqualTo(code);
        await().until(() -> children.stream().noneMatch(DemoIT::runs));
        assertThat(out()).isEmpty();
        assertThat(err()).doesNotContain("it has ended");
    }

    @Test
    void childrenEndByThemselvesWhenTheDemoIsKilled() throws Exception {
        assumeProgram("setpriv", "the end of the children of a demo that was killed");
        Process demo = demo(List.of("--scenario", "ebb"), List.of("--rounds", "1000"));
        await().atMost(START).until(() -> err().contains("replaced"));
        List<ProcessHandle> children = demo.descendants().toList();
        assertThat(children).hasSizeGreaterThanOrEqualTo(9);

        demo.destroyForcibly();

        try {
            // The proxies cannot be told who has applied their removal: they wait the safe minimum.
            await().atMost(Duration.ofSeconds(40))
                    .until(() -> children.stream().noneMatch(DemoIT::runs));
        } finally {
            children.forEach(ProcessHandle::destroyForcibly);
        }
    }

    @Test
    void aMeshThatIsKeptAnswersWhatItProposesUntilItIsInterrupted() throws Exception {
        assumeProgram("curl", "what `ebb demo --keep` proposes");
        Process demo =
                demo(
                        List.of("--scenario", "ebb", "--rounds", "1", "--slow-client", "0s"),
                        List.of("--keep"));
        await().atMost(Duration.ofMinutes(3)).until(() -> err().contains("Ctrl-C ends it."));
        List<String> proposals =
                err().lines()
                        .dropWhile(line -> !line.endsWith("Try:"))
                        .filter(line -> line.startsWith("  "))
                        .map(String::strip)
                        .toList();
        assertThat(proposals).hasSize(6);
        List<ProcessHandle> children = demo.descendants().toList();

        assertThat(typed(proposals.get(0))).startsWith("HTTP/1.1 200 OK");
        assertThat(typed(proposals.get(1))).contains("ready", "web-4", "web-5", "web-6");
        assertThat(typed(proposals.get(2))).contains("web-1", "web-2", "web-3");
        assertThat(proposals.get(3)).startsWith("kill -TERM ").contains("# web-4 leaves");
        typed(proposals.get(3));
        await().atMost(START)
                .until(() ->
                        typed(proposals.get(2)).lines().anyMatch(DemoIT::tellsThatWeb4HasGone));
        assertThat(typed(proposals.get(0))).startsWith("HTTP/1.1 200 OK");

        signal("INT", demo);
        assertThat(demo.waitFor(20, TimeUnit.SECONDS)).isTrue();
        await().until(() -> children.stream().noneMatch(DemoIT::runs));
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

    private static boolean tellsThatWeb4HasGone(String line) {
        return line.matches("web-4 +gone .* released: .*");
    }

    private static void assumeProgram(String program, String what) throws Exception {
        Process search = new ProcessBuilder("sh", "-c", "command -v " + program).start();
        if (search.waitFor() != 0) {
            String why = "NOT TESTED: %s, because: no %s".formatted(what, program);
            System.err.println(why);
            Assumptions.abort(why);
        }
    }

    private static void signal(String name, Process process) throws Exception {
        String pid = String.valueOf(process.pid());
        assertThat(new ProcessBuilder("kill", "-" + name, pid).start().waitFor()).isZero();
    }

    /// What a shell answers, which must be content. The launcher is left out: it would build what
    /// is being built.
    private String typed(String line) throws Exception {
        String command = line.replace("./ebb", "'" + String.join("' '", ebb(HOME)) + "'");
        Process shell = new ProcessBuilder("sh", "-c", command).start();
        String answer = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(shell.waitFor()).as(line).isZero();
        return answer;
    }

    private Process demo(List<String> first, List<String> second) throws IOException {
        List<String> arguments = new ArrayList<>(first);
        arguments.addAll(second);
        return demo(HOME, arguments);
    }

    private Process demo(Path home, List<String> arguments) throws IOException {
        // Whoever runs the tests in the background ignores INT.
        List<String> command = new ArrayList<>(List.of("env", "--default-signal=INT"));
        command.addAll(ebb(home));
        command.add("demo");
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectOutput(directory.resolve("out").toFile())
                        .redirectError(directory.resolve("err").toFile())
                        .start();
        started.add(process);
        return process;
    }

    /// The words that the launcher starts the command with.
    private List<String> ebb(Path home) {
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-Djava.io.tmpdir=" + directory,
                "-Debb.home=" + home.toAbsolutePath(),
                "-cp",
                HOME.resolve("cli/target/app/lib").toAbsolutePath() + "/*",
                "dev.ebb.cli.Main");
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
