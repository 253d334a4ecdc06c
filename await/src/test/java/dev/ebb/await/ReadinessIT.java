package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Waiting for the proxy and then becoming the command, with real processes and signals.
class ReadinessIT {

    @Test
    void theCommandTakesThePlaceOfTheProgram() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "sh", "-c", "echo $$; exit 7")) {

            assertThat(await.line()).isEqualTo(Long.toString(await.pid()));
            assertThat(await.exitCode()).isEqualTo(7);
            assertThat(proxy.requests()).containsExactly("GET /ready");
        }
    }

    @Test
    void theCommandIsNotRunBeforeTheProxyIsReady() throws Exception {
        try (FakeProxy proxy = FakeProxy.start().answers("GET /ready", 503, "not ready");
                AwaitProcess await =
                        AwaitProcess.start(proxy, "-b", "20ms", "sh", "-c", "echo ran")) {
            proxy.awaitRequest("GET /ready");
            proxy.awaitRequest("GET /ready");
            assertThat(await.process().isAlive()).isTrue();

            proxy.answers("GET /ready", 201, "ready");

            assertThat(await.line()).isEqualTo("ran");
            assertThat(await.exitCode()).isZero();
        }
    }

    @Test
    void aProxyThatIsNotThereYetIsWaitedFor() throws Exception {
        int port = freePort();
        try (AwaitProcess await =
                AwaitProcess.start("-v", "-b", "20ms", "-p", "" + port, "echo", "ran")) {
            await.awaitSaying("not ready: Connection refused");
            await.awaitSaying("not ready: Connection refused");

            assertThat(await.process().isAlive()).isTrue();
        }
    }

    @Test
    void withoutACommandItOnlyWaits() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy)) {

            assertThat(await.exitCode()).isZero();
            assertThat(await.restOfErrors()).isEmpty();
        }
    }

    @Test
    void aTimeoutIsFatal() throws Exception {
        try (FakeProxy proxy = FakeProxy.start();
                AwaitProcess await =
                        AwaitProcess.start(
                                proxy, "-S", "-b", "20ms", "-t", "200ms", "echo", "ran")) {

            assertThat(await.exitCode()).isEqualTo(69);
            assertThat(await.restOfOutput()).isEmpty();
            assertThat(await.restOfErrors())
                    .containsExactly(
                            "ebb-await: ebb-proxy failed to become ready within 200ms timeout"
                                    + " (http://127.0.0.1:"
                                    + proxy.port()
                                    + "/ready)");
        }
    }

    @Test
    void aTimeoutThatIsNotFatalRunsTheCommand() throws Exception {
        try (FakeProxy proxy = FakeProxy.start();
                AwaitProcess await =
                        AwaitProcess.start(
                                proxy,
                                "-t200ms",
                                "-b20ms",
                                "--timeout-fatal=false",
                                "echo",
                                "ran")) {

            await.awaitSaying("failed to become ready within 200ms");
            assertThat(await.line()).isEqualTo("ran");
            assertThat(await.exitCode()).isZero();
        }
    }

    @Test
    void aProxyThatSaysNothingIsLeftAtTheTimeout() throws Exception {
        try (FakeProxy proxy = FakeProxy.start().holds("GET /ready");
                AwaitProcess await = AwaitProcess.start(proxy, "-t", "200ms", "echo", "ran")) {

            assertThat(await.exitCode()).isEqualTo(69);
        }
    }

    @ParameterizedTest
    @CsvSource({"TERM, 143", "INT, 130", "HUP, 129"})
    void aSignalEndsTheWaitAtOnce(String signal, int code) throws Exception {
        try (FakeProxy proxy = FakeProxy.start().holds("GET /ready");
                AwaitProcess await = AwaitProcess.start(proxy, "echo", "ran")) {
            proxy.awaitRequest("GET /ready");

            await.signal(signal);

            assertThat(await.exitCode()).isEqualTo(code);
            assertThat(await.restOfOutput()).isEmpty();
            assertThat(await.restOfErrors())
                    .containsExactly(
                            "ebb-await: "
                                    + signal
                                    + " while waiting for the proxy: the command is not run");
        }
    }

    @Test
    void aSignalThatEndsTheWaitEndsTheProxyTooIfThatIsWanted() throws Exception {
        try (FakeProxy proxy =
                        FakeProxy.start()
                                .holds("GET /ready")
                                .answers("POST /shutdown", 200, "shutdown");
                AwaitProcess await = AwaitProcess.start(proxy, "-S", "echo", "ran")) {
            proxy.awaitRequest("GET /ready");

            await.signal("TERM");

            assertThat(await.exitCode()).isEqualTo(143);
            proxy.awaitRequest("POST /shutdown");
        }
    }

    /// scuttle#44: the Go runtime sends URG to itself all the time; wrappers must not mind.
    @Test
    void urgIsIgnored() throws Exception {
        try (FakeProxy proxy = FakeProxy.start().holds("GET /ready");
                AwaitProcess await = AwaitProcess.start(proxy, "echo", "ran")) {
            proxy.awaitRequest("GET /ready");

            await.signal("URG");
            proxy.answers("GET /ready", 200, "ready");

            assertThat(await.line()).isEqualTo("ran");
            assertThat(await.exitCode()).isZero();
        }
    }

    /// TERM at each moment from the proxy's answer to well into the command: it ends the wait, or
    /// the process by its default action, or reaches the command. It is never lost, which would
    /// leave the command running.
    @ParameterizedTest
    @ValueSource(strings = {"", "-S"})
    void termIsNotLostBetweenTheWaitAndTheCommand(String flag) throws Exception {
        for (int millis = 0; millis <= 60; millis += 3) {
            try (FakeProxy proxy =
                            FakeProxy.start()
                                    .holds("GET /ready")
                                    .answers("POST /shutdown", 200, "shutdown");
                    AwaitProcess await =
                            AwaitProcess.start(
                                    proxy,
                                    flag.isEmpty() ? "-v" : flag,
                                    "sh",
                                    "-c",
                                    "trap 'exit 42' TERM; while :; do sleep 0.01; done")) {
                proxy.awaitRequest("GET /ready");
                proxy.answers("GET /ready", 200, "ready");
                LockSupport.parkNanos(millis * 1_000_000L);

                await.signal("TERM");

                assertThat(await.exitCode()).as("TERM after %s ms", millis).isIn(143, 42);
            }
        }
    }

    @Test
    void theCommandIsNotToldOfTheJvm() throws Exception {
        String show = "ulimit -Sn; grep -E 'Sig(Blk|Ign)' /proc/self/status; ls /proc/$$/fd; :";
        List<String> limited = List.of("sh", "-c", "ulimit -Sn 123; exec \"$@\"", "sh");
        for (String flag : List.of("-v", "-S")) {
            try (FakeProxy proxy = FakeProxy.ready();
                    AwaitProcess await =
                            AwaitProcess.start(
                                    limited,
                                    Map.of(),
                                    "-p",
                                    "" + proxy.port(),
                                    flag,
                                    "sh",
                                    "-c",
                                    show)) {

                assertThat(await.line()).isEqualTo("123");
                assertThat(await.line()).isEqualTo("SigBlk:\t0000000000000000");
                // posix_spawn of glibc, by which tests start processes, ignores its own 32 and 33.
                assertThat(await.line()).matches("SigIgn:\t0{7}[01][08]0{7}");
                assertThat(await.restOfOutput()).containsExactly("0", "1", "2");
            }
        }
    }

    @Test
    void theCommandGetsItsWordsAndEnvironmentAsTheyAre() throws Exception {
        for (String flag : List.of("-v", "-S")) {
            try (FakeProxy proxy = FakeProxy.ready();
                    AwaitProcess await =
                            AwaitProcess.start(
                                    List.of("env", "-i", "LC_ALL=C", "PATH=/usr/bin:/bin", "B=é"),
                                    Map.of(),
                                    "-p",
                                    "" + proxy.port(),
                                    flag,
                                    "sh",
                                    "-c",
                                    "printf '<%s>' \"$@\"; echo; env -u PWD -u OLDPWD -u SHLVL -u _",
                                    "sh",
                                    "",
                                    "a b",
                                    "é-\u20ac")) {

                assertThat(await.line()).isEqualTo("<><a b><é-\u20ac>");
                assertThat(await.restOfOutput())
                        .containsExactlyInAnyOrder("LC_ALL=C", "PATH=/usr/bin:/bin", "B=é");
            }
        }
    }

    @Test
    void stdinIsTheCommands() throws Exception {
        for (String flag : List.of("-v", "-S")) {
            try (FakeProxy proxy = FakeProxy.ready();
                    AwaitProcess await = AwaitProcess.start(proxy, flag, "cat")) {
                try (var stdin = await.process().outputWriter()) {
                    stdin.write("through\n");
                }

                assertThat(await.line()).isEqualTo("through");
                assertThat(await.exitCode()).isZero();
            }
        }
    }

    @Test
    void aMissingCommandIsNamed() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "no-such-command", "x")) {

            assertThat(await.exitCode()).isEqualTo(71);
            assertThat(await.restOfErrors())
                    .containsExactly(
                            "ebb-await: Failed to exec child program: no-such-command: No such file"
                                    + " or directory");
        }
    }

    @Test
    void aCommandThatIsNotExecutableIsNamed(@TempDir Path directory) throws Exception {
        Path file = Files.createFile(directory.resolve("plain"));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r--r--"));
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, file.toString())) {

            assertThat(await.exitCode()).isEqualTo(71);
            await.awaitSaying(file + ": Permission denied");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EBB_AWAIT_DISABLED", "EBB_DISABLED"})
    void disabledSkipsAllOfIt(String variable) throws Exception {
        try (FakeProxy proxy = FakeProxy.start();
                AwaitProcess await =
                        AwaitProcess.start(
                                List.of(),
                                Map.of(variable, "by the test"),
                                "-v",
                                "-S",
                                "--hold",
                                "-p",
                                "" + proxy.port(),
                                "sh",
                                "-c",
                                "echo $$")) {

            assertThat(await.line()).isEqualTo(Long.toString(await.pid()));
            assertThat(await.exitCode()).isZero();
            assertThat(proxy.requests()).isEmpty();
            assertThat(await.restOfErrors())
                    .containsExactly("ebb-await: skipped, because " + variable + "=by the test");
        }
    }

    @Test
    void disabledWithAnEmptyValueIsNotDisabled() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await =
                        AwaitProcess.start(
                                List.of(),
                                Map.of("EBB_AWAIT_DISABLED", ""),
                                "-p",
                                "" + proxy.port())) {

            assertThat(await.exitCode()).isZero();
            assertThat(proxy.requests()).containsExactly("GET /ready");
        }
    }

    @Test
    void aWrongCommandLineIsUsage() throws Exception {
        try (AwaitProcess await = AwaitProcess.start("--port", "x", "cmd")) {

            assertThat(await.exitCode()).isEqualTo(64);
            assertThat(await.restOfErrors())
                    .containsExactly(
                            "ebb-await: --port: \"x\" (expected: a port from 1 to 65535); see"
                                    + " ebb-await --help");
        }
    }

    @Test
    void helpAndVersionGoToStdout() throws Exception {
        try (AwaitProcess help = AwaitProcess.start("--help");
                AwaitProcess version = AwaitProcess.start("-V")) {

            assertThat(help.exitCode()).isZero();
            assertThat(String.join("\n", help.restOfOutput()) + "\n").isEqualTo(Usage.TEXT);
            assertThat(version.exitCode()).isZero();
            assertThat(version.line()).startsWith("ebb-await ");
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
