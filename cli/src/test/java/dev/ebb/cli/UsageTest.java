package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What is said to a user who types something wrong, and to one who asks for help.
class UsageTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final StringWriter err = new StringWriter();

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    ``                            | ebb: no command (expected: demo, endpoints, drain, version, proxy, control-plane, await)
                    demmo                         | ebb: demmo: no such command (expected: demo, endpoints, drain, version, proxy, control-plane, await)
                    --frobnicate                  | ebb: --frobnicate: no such option (expected: --help)
                    proxy                         | ebb proxy: started without its launcher (expected: ./ebb proxy, which executes the program itself)
                    drain                         | ebb drain: no command (expected: status)
                    drain stat                    | ebb drain: stat: no such command (expected: status)
                    endpoints                     | ebb endpoints: DESTINATION: missing (expected: host:port, the name that clients ask for.)
                    endpoints a b                 | ebb endpoints: b: one argument too many
                    endpoints a -o xml            | ebb endpoints: --output: "xml" (expected: table or json)
                    endpoints a -o                | ebb endpoints: --output: missing (expected: table or json)
                    endpoints a --control-plane b | ebb endpoints: --control-plane: "b" (expected: a host and port such as ebb.example:8086)
                    demo --slow-client 3          | ebb demo: --slow-client: "3" (expected: a duration such as 10s or 500ms)
                    demo --slow-client 3m         | ebb demo: --slow-client: "3m" (expected: at most 2m)
                    demo --wait 3m                | ebb demo: --wait: "3m" (expected: at most 2m)
                    demo --scenario best          | ebb demo: --scenario: "best" (expected: plain or sleep or ebb)
                    demo --scenario plain --keep  | ebb demo: --scenario: "plain" (expected: ebb among them, which --keep leaves running)
                    demo --rate 0                 | ebb demo: --rate: "0" (expected: 1 to 1000)
                    demo --rounds many            | ebb demo: --rounds: "many" (expected: a whole number)
                    demo --recompute x --keep     | ebb demo: --recompute: "x" (expected: neither --evidence nor --keep beside it: nothing runs)
                    """)
    void wrongUsageIsOneLineThatNamesTheThingAndWhatWasExpected(String line, String words) {
        int code = run(line.isEmpty() ? new String[0] : line.split(" +", -1));

        assertThat(code).isEqualTo(64);
        assertThat(out.toString(StandardCharsets.UTF_8)).isEmpty();
        assertThat(err.toString()).startsWith(words).hasLineCount(1);
    }

    @Test
    void evidenceGoesIntoANewDirectoryOnly(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("file"));

        assertThat(run("demo", "--evidence", directory.toString())).isEqualTo(73);
        assertThat(err.toString())
                .isEqualTo(
                        "ebb demo: --evidence %s: not empty (expected: a new or an empty directory that can be written)\n",
                        directory);
        assertThat(run("demo", "--evidence", file.toString())).isEqualTo(73);
        assertThat(err.toString()).contains(file + ": something else has this name (expected: ");
    }

    @Test
    void evidenceThatIsNotThereIsNamed(@TempDir Path directory) {
        assertThat(run("demo", "--recompute", directory.toString())).isEqualTo(65);
        assertThat(err.toString())
                .isEqualTo(
                        "ebb demo: --recompute %s: no scenario (expected: a directory that `ebb demo --evidence` wrote)\n",
                        directory);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "demo ", "endpoints ", "drain ", "drain status ", "version "})
    void everyCommandHasHelpWithAnExample(String command) {
        int code = run((command + "--help").split(" ", -1));

        assertThat(code).isZero();
        assertThat(out.toString(StandardCharsets.UTF_8))
                .containsPattern("Examples?:\n  ebb " + command.strip());
        assertThat(out.toString(StandardCharsets.UTF_8).lines())
                .allMatch(line -> line.length() <= 80);
    }

    private int run(String... args) {
        return Main.run(out, new PrintWriter(err), args);
    }
}
