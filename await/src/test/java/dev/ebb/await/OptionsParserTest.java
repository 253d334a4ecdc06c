package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionsParserTest {

    @Test
    void theDefaultsAreThoseOfLinkerdAwait() throws UsageException {
        Options options = parse("cmd");

        assertThat(options.admin()).isEqualTo(new Options.Admin("127.0.0.1", 4191));
        assertThat(options.readiness())
                .isEqualTo(new Options.Readiness(Duration.ofSeconds(1), Duration.ZERO, true));
        assertThat(options.after()).isEqualTo(new Options.Ending(false, null));
        assertThat(options.verbose()).isFalse();
        assertThat(options.command()).containsExactly("cmd");
    }

    @Test
    void everyFlagIsRead() throws UsageException {
        Options options =
                parse(
                        "--host=::1",
                        "--port=1",
                        "--backoff",
                        "2s",
                        "--timeout",
                        "3ms",
                        "--timeout-fatal=false",
                        "--shutdown",
                        "--hold=4s",
                        "--verbose",
                        "--",
                        "cmd",
                        "-S");

        assertThat(options.admin().authority()).isEqualTo("[::1]:1");
        assertThat(options.readiness())
                .isEqualTo(
                        new Options.Readiness(Duration.ofSeconds(2), Duration.ofMillis(3), false));
        assertThat(options.after()).isEqualTo(new Options.Ending(true, Duration.ofSeconds(4)));
        assertThat(options.verbose()).isTrue();
        assertThat(options.command()).containsExactly("cmd", "-S");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-p7 cmd", "-p=7 cmd", "-p 7 cmd", "--port 7 cmd", "-vSp7 cmd"})
    void shortFlagsTakeTheirValueInEveryForm(String line) throws UsageException {
        Options options = parse(line.split(" ", -1));

        assertThat(options.admin().port()).isEqualTo(7);
        assertThat(options.command()).containsExactly("cmd");
    }

    @Test
    void theCommandsOwnFlagsAreNotRead() throws UsageException {
        assertThat(parse("cmd", "-p", "x").command()).containsExactly("cmd", "-p", "x");
        assertThat(parse("--", "--hold").command()).containsExactly("--hold");
        assertThat(parse("-", "-S").command()).containsExactly("-", "-S");
    }

    @Test
    void aFlagWithoutItsOptionalValueIsOn() throws UsageException {
        Options options = parse("--timeout-fatal", "--hold", "cmd");

        assertThat(options.readiness().fatal()).isTrue();
        assertThat(options.after().hold()).isEqualTo(Duration.ZERO);
    }

    @Test
    void theEnvironmentTurnsVerboseOn() throws UsageException {
        assertThat(OptionsParser.parse(new String[] {"cmd"}, "1").verbose()).isTrue();
        assertThat(OptionsParser.parse(new String[] {"cmd"}, "").verbose()).isFalse();
    }

    @Test
    void helpAndVersionNeedNothingElse() throws UsageException {
        assertThat(parse("-h").request()).isEqualTo(Options.Request.HELP);
        assertThat(parse("-S", "--help").request()).isEqualTo(Options.Request.HELP);
        assertThat(parse("-V").request()).isEqualTo(Options.Request.VERSION);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "-p                        | --port: no value (expected: a port)",
                "-p 0 cmd                  | --port: \"0\" (expected: a port from 1 to 65535)",
                "-p 65536 cmd              | --port: \"65536\" (expected: a port from 1 to 65535)",
                "--port= cmd               | --port: \"\" (expected: a port from 1 to 65535)",
                "-b 5 cmd                  | --backoff: \"5\" (expected: a duration such as 10s or"
                        + " 500ms)",
                "-t 5x cmd                 | --timeout: \"5x\" (expected: a duration such as 10s or"
                        + " 500ms)",
                "--hold=x cmd              | --hold: \"x\" (expected: a duration such as 10s or"
                        + " 500ms)",
                "--timeout-fatal=yes cmd   | --timeout-fatal: \"yes\" (expected: true or false)",
                "--host a/b cmd            | --host: \"a/b\" (expected: a host such as 127.0.0.1 or"
                        + " ::1)",
                "--shutdown=true cmd       | --shutdown: \"true\" (expected: no value)",
                "-S                        | --shutdown: no command (expected: a command to run)",
                "--hold                    | --hold: no command (expected: a command to run)",
                "--timeout-fatal           | --timeout-fatal: no command (expected: a command to"
                        + " run)",
            })
    void aWrongCommandLineIsNamedWithWhatWasExpected(String line, String message) {
        assertThatThrownBy(() -> parse(line.split(" ", -1)))
                .isInstanceOf(UsageException.class)
                .hasMessage(message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"--nope cmd", "--nope=1 cmd", "-x cmd", "-vx cmd"})
    void anUnknownFlagIsNamed(String line) {
        assertThatThrownBy(() -> parse(line.split(" ", -1)))
                .isInstanceOf(UsageException.class)
                .hasMessageMatching("(--nope|-x): unknown flag \\(expected: --host .*\\)");
    }

    private static Options parse(String... args) throws UsageException {
        return OptionsParser.parse(args, null);
    }
}
