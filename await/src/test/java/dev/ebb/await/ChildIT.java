package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Staying the parent of the command (`-S`), with real processes and signals.
class ChildIT {

    /// Says its process id, then the name of each signal.
    private static final String TELLS_SIGNALS =
            "for s in TERM INT HUP USR1 USR2 WINCH CONT; do trap \"echo $s\" $s; done; echo $$;"
                    + " while :; do sleep 0.01; done";

    @Test
    void theProxyIsEndedAfterTheCommandAndTheCodeIsTheCommands() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(proxy, "-S", "sh", "-c", "echo ran; exit 7")) {
            assertThat(await.exitCode()).isEqualTo(7);

            assertThat(await.line()).isEqualTo("ran");
            assertThat(await.restOfErrors()).isEmpty();
            assertThat(proxy.requests()).containsExactly("GET /ready", "POST /shutdown");
        }
    }

    @ParameterizedTest
    @CsvSource({"KILL, 137", "TERM, 143", "SEGV, 139", "USR1, 138"})
    void aCommandEndedByASignalGives128AndItsNumber(String signal, int code) throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(proxy, "-S", "sh", "-c", "kill -" + signal + " $$")) {

            assertThat(await.exitCode()).isEqualTo(code);
            proxy.awaitRequest("POST /shutdown");
        }
    }

    @Test
    void signalsGoToTheCommand() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "sh", "-c", TELLS_SIGNALS)) {
            String child = await.line();
            assertThat(child).isNotEqualTo(Long.toString(await.pid()));

            for (String signal :
                    List.of("TERM", "INT", "HUP", "USR1", "USR2", "WINCH", "CONT", "TERM")) {
                await.signal(signal);

                assertThat(await.line()).isEqualTo(signal);
            }
        }
    }

    @Test
    void aCommandThatIgnoresTermIsWaitedForAndGetsTheSecond() throws Exception {
        String ignoresTheFirst =
                "n=0; trap 'n=$((n+1)); echo TERM $n; [ $n = 2 ] && exit 5' TERM; echo up;"
                        + " while :; do sleep 0.01; done";
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "sh", "-c", ignoresTheFirst)) {
            assertThat(await.line()).isEqualTo("up");

            await.signal("TERM");
            assertThat(await.line()).isEqualTo("TERM 1");
            assertThat(await.process().isAlive()).isTrue();
            await.signal("TERM");

            assertThat(await.line()).isEqualTo("TERM 2");
            assertThat(await.exitCode()).isEqualTo(5);
        }
    }

    @Test
    void aStoppedCommandIsNotAnEndedOne() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(
                                proxy, "-S", "sh", "-c", "echo $$; while :; do sleep 0.01; done")) {
            long child = Long.parseLong(await.line());

            AwaitProcess.signal("STOP", child);
            awaitState(child, "T");
            assertThat(await.process().isAlive()).isTrue();
            await.signal("CONT");
            awaitState(child, "[RS]");
            await.signal("TERM");

            assertThat(await.exitCode()).isEqualTo(143);
        }
    }

    @Test
    void tstpStopsTheCommandAndContResumesIt() throws Exception {
        tstpStopsWhatWeStart();
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "sh", "-c", TELLS_SIGNALS)) {
            long child = Long.parseLong(await.line());

            await.signal("TSTP");
            awaitState(child, "T");
            await.signal("CONT");

            assertThat(await.line()).isEqualTo("CONT");
        }
    }

    @Test
    void aCommandThatLeavesAChildBehindHasEndedNevertheless() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(
                                proxy,
                                "-S",
                                "sh",
                                "-c",
                                "sleep 60 >/dev/null 2>&1 & echo $!; exit 3")) {
            long leftBehind = Long.parseLong(await.line());

            assertThat(await.exitCode()).isEqualTo(3);
            assertThat(ProcessHandle.of(leftBehind)).get().matches(ProcessHandle::isAlive);
            AwaitProcess.signal("KILL", leftBehind);
        }
    }

    @Test
    void aCommandThatCannotBeStartedEndsTheProxyNevertheless() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "no-such-command")) {

            assertThat(await.exitCode()).isEqualTo(71);
            await.awaitSaying(
                    "Failed to fork child program: no-such-command: No such file or directory");
            proxy.awaitRequest("POST /shutdown");
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {403, 404, 500})
    void aProxyThatRefusesToEndIsReported(int status) throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().answers("POST /shutdown", status, "because");
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "sh", "-c", "exit 7")) {

            assertThat(await.exitCode()).isEqualTo(7);
            assertThat(await.restOfErrors())
                    .containsExactly(
                            "ebb-await: POST http://127.0.0.1:"
                                    + proxy.port()
                                    + "/shutdown: "
                                    + status
                                    + " because; the proxy goes on");
        }
    }

    @Test
    void aProxyThatDoesNotAnswerShutdownIsLeftAfterThreeSeconds() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /shutdown");
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "sh", "-c", "exit 7")) {
            proxy.awaitRequest("POST /shutdown");
            long asked = System.nanoTime();

            assertThat(await.exitCode()).isEqualTo(7);
            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isBetween(Duration.ofSeconds(2), Duration.ofSeconds(10));
            await.awaitSaying("/shutdown: no answer in time; the proxy goes on");
        }
    }

    @Test
    void aProxyThatHasGoneIsReported() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(proxy, "-S", "sh", "-c", "read x; exit 7")) {
            proxy.awaitRequest("GET /ready");
            await.awaitChild();
            proxy.dies();

            await.process().outputWriter().close();

            assertThat(await.exitCode()).isEqualTo(7);
            await.awaitSaying("/shutdown: Connection refused; the proxy goes on");
        }
    }

    /// A parent that ignores CHLD makes the kernel drop the exit codes of our children.
    @Test
    void theExitCodeSurvivesAParentThatIgnoresChld() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(
                                List.of("env", "--ignore-signal=CHLD"),
                                Map.of(),
                                "-p",
                                "" + proxy.port(),
                                "-S",
                                "sh",
                                "-c",
                                "exit 7")) {

            assertThat(await.exitCode()).isEqualTo(7);
        }
    }

    @Test
    void nohupIsRespected() throws Exception {
        try (FakeProxy proxy = FakeProxy.start().holds("GET /ready");
                AwaitProcess await =
                        AwaitProcess.start(
                                List.of("env", "--ignore-signal=HUP"),
                                Map.of(),
                                "-p",
                                "" + proxy.port(),
                                "grep",
                                "SigIgn",
                                "/proc/self/status")) {
            proxy.awaitRequest("GET /ready");

            await.signal("HUP");
            proxy.answers("GET /ready", 200, "ready");

            assertThat(await.line()).matches("SigIgn:\t0{7}[01][08]0{6}1");
            assertThat(await.exitCode()).isZero();
        }
    }

    /// The kernel drops TSTP for an orphaned process group, and with it the whole test
    /// (POSIX.1-2024, XSH 2.4.3): that is so where no shell of the session watches the tests.
    private static void tstpStopsWhatWeStart() throws Exception {
        Process sleeps = new ProcessBuilder("sleep", "60").start();
        try {
            AwaitProcess.signal("TSTP", sleeps.pid());
            awaitState(sleeps.pid(), "T");
        } catch (ConditionTimeoutException e) {
            System.err.println("NOT TESTED: TSTP, because the tests run in an orphaned group");
            Assumptions.abort("NOT TESTED, because the tests run in an orphaned process group");
        } finally {
            sleeps.destroyForcibly();
        }
    }

    private static void awaitState(long pid, String state) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        await().until(() -> Files.readString(status).matches("(?s).*State:\\s+" + state + ".*"));
    }
}
