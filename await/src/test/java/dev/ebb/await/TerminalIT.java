package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// In the foreground of a terminal, which `script` of util-linux plays.
class TerminalIT {

    private static final String CTRL_C = "\u0003";
    private static final String CTRL_D = "\u0004";
    private static final String CTRL_Z = "\u001a";

    /// Waits until the shell's own group has the terminal, which comes just after its start.
    private static final String AWAITS_FOREGROUND =
            "foreground=; until [ \"$foreground\" = $$ ]; do read -r pid name state parent group"
                    + " session tty foreground rest < /proc/$$/stat; done; echo foreground; ";

    @BeforeAll
    static void scriptIsThere() throws InterruptedException {
        try {
            new ProcessBuilder("script", "--version").start().waitFor();
        } catch (IOException e) {
            System.err.println("NOT TESTED: ebb-await on a terminal, because: " + e.getMessage());
            Assumptions.abort("NOT TESTED on a terminal, because: " + e.getMessage());
        }
    }

    @Test
    void keysSignalTheCommandOnce() throws Exception {
        String counts =
                "n=0; trap 'n=$((n+1)); echo interrupt $n' INT; "
                        + AWAITS_FOREGROUND
                        + "while :; do sleep 0.01; done";
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess onTerminal = onTerminal(proxy, "-S", "sh", "-c", counts)) {
            awaitLine(onTerminal, "foreground");
            Writer keys = onTerminal.process().outputWriter();

            keys.write(CTRL_C);
            keys.flush();
            assertThat(awaitLine(onTerminal, "interrupt")).isEqualTo("interrupt 1");
            keys.write(CTRL_C);
            keys.flush();

            assertThat(awaitLine(onTerminal, "interrupt")).isEqualTo("interrupt 2");
        }
    }

    @Test
    void theCommandReadsFromTheTerminal() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess onTerminal =
                        onTerminal(proxy, "-S", "sh", "-c", AWAITS_FOREGROUND + "cat; exit 7")) {
            awaitLine(onTerminal, "foreground");
            Writer keys = onTerminal.process().outputWriter();

            keys.write("typed\n" + CTRL_D);
            keys.flush();

            assertThat(awaitLine(onTerminal, "typed")).isEqualTo("typed");
            assertThat(onTerminal.exitCode()).isEqualTo(7);
        }
    }

    /// Who started us must be able to read from the terminal afterwards, or it is stopped.
    @Test
    void theTerminalIsGivenBack() throws Exception {
        List<String> words = new ArrayList<>(List.of("sh", "-c", "\"$@\"; read x; echo after $x"));
        words.add("sh");
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess onTerminal = onTerminal(words, proxy, "-S", "true")) {
            proxy.awaitRequest("POST /shutdown");

            try (Writer keys = onTerminal.process().outputWriter()) {
                keys.write("typed\n");
            }

            assertThat(awaitLine(onTerminal, "after")).isEqualTo("after typed");
        }
    }

    /// Ctrl-Z and `fg` in a shell with job control: the command and we are one job.
    @Test
    void theJobIsStoppedAndResumedByTheShell() throws Exception {
        List<String> shell = List.of("sh", "-mc", "\"$@\"; echo stopped; fg; echo code $?", "sh");
        String reads = AWAITS_FOREGROUND + "read x; echo read $x; exit 7";
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess onTerminal = onTerminal(shell, proxy, "-S", "sh", "-c", reads)) {
            awaitLine(onTerminal, "foreground");
            Writer keys = onTerminal.process().outputWriter();

            keys.write(CTRL_Z);
            keys.flush();
            awaitLine(onTerminal, "stopped");
            keys.write("typed\n");
            keys.flush();

            assertThat(awaitLine(onTerminal, "read")).isEqualTo("read typed");
            assertThat(awaitLine(onTerminal, "code")).isEqualTo("code 7");
        }
    }

    private static AwaitProcess onTerminal(FakeProxy proxy, String... args) throws Exception {
        return onTerminal(List.of(), proxy, args);
    }

    private static AwaitProcess onTerminal(List<String> wrapper, FakeProxy proxy, String... args)
            throws Exception {
        List<String> words = new ArrayList<>(wrapper);
        words.addAll(AwaitProcess.launcher());
        words.addAll(List.of("-p", Integer.toString(proxy.port())));
        words.addAll(List.of(args));
        StringBuilder line = new StringBuilder("exec");
        for (String word : words) {
            line.append(" '").append(word.replace("'", "'\\''")).append('\'');
        }
        // Whoever runs the tests in the background ignores INT.
        return AwaitProcess.of(
                new ProcessBuilder(
                                "env",
                                "--default-signal=INT",
                                "script",
                                "-qefc",
                                line.toString(),
                                "/dev/null")
                        .start());
    }

    /// The next line that starts so; the terminal echoes what is typed into other lines.
    private static String awaitLine(AwaitProcess process, String start) throws Exception {
        String line = process.line();
        while (!line.replaceAll("\\^[CZ]", "").startsWith(start)) {
            line = process.line();
        }
        return line.replaceAll("\\^[CZ]", "").strip();
    }
}
