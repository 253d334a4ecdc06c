package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.Status;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The program as a process: exit codes, messages, signals.
class MainIT {
    @TempDir private Path directory;

    @Test
    void unknownFlagIsAUsageError() throws Exception {
        try (ControlPlaneProcess process = ControlPlaneProcess.start("standalone", "--listn=x")) {
            assertThat(process.exitCode()).isEqualTo(64);
            assertThat(process.output())
                    .contains("Unknown option: '--listn=x' (expected: --listen)")
                    .contains("Try \"ebb-control-plane standalone --help\".")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void missingCommandIsAUsageError() throws Exception {
        try (ControlPlaneProcess process = ControlPlaneProcess.start()) {
            assertThat(process.exitCode()).isEqualTo(64);
            assertThat(process.output()).contains("Missing required subcommand");
        }
    }

    @Test
    void everyMalformedSettingIsReportedAtOnceByTheNameThatWasUsed() throws Exception {
        Map<String, String> environment =
                Map.of(
                        "EBB_CONTROL_PLANE_WARM_UP", "5x",
                        "EBB_CONTROL_PLANE_LISTEN", "nowhere",
                        "EBB_CONTROL_PLANE_MAX_CALLS_PER_PEER", "0",
                        "EBB_CONTROL_PLANE_REGISTRI", "file",
                        "EBB_LOG_FORMAT", "xml");
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        environment,
                        "standalone",
                        "--admin-listen=:1",
                        "--token-file=/does/not/exist")) {
            assertThat(process.exitCode()).isEqualTo(64);
            assertThat(process.output())
                    .contains(
                            "EBB_CONTROL_PLANE_WARM_UP: \"5x\" (expected: a duration such as 10s or"
                                    + " 500ms)")
                    .contains("EBB_CONTROL_PLANE_LISTEN: \"nowhere\" (expected: an IP address and")
                    .contains("EBB_CONTROL_PLANE_MAX_CALLS_PER_PEER: \"0\" (expected: a whole")
                    .contains("EBB_CONTROL_PLANE_REGISTRI: unknown")
                    .contains("EBB_LOG_FORMAT: \"xml\"")
                    .contains("--admin-listen: \":1\" (expected: an IP address and port")
                    .contains("--token-file: \"/does/not/exist\" (expected: a file with a token")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void flagWinsOverItsVariable() throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        Map.of("EBB_CONTROL_PLANE_WARM_UP", "5x"),
                        "standalone",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0",
                        "--warm-up=1s")) {
            process.awaitStarted();

            process.signal("TERM");

            assertThat(process.exitCode()).isZero();
        }
    }

    @Test
    void missingRegistryFileIsAConfigurationError() throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start("standalone", "--registry=/does/not/exist")) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output())
                    .contains("/does/not/exist: no such file (expected: a registry file)")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void invalidRegistryFileIsAConfigurationErrorWithItsLine() throws Exception {
        Path file = Files.writeString(directory.resolve("r.yaml"), "services:\n  DB:1: {}\n");
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start("standalone", "--registry=" + file)) {
            assertThat(process.exitCode()).isEqualTo(78);
            assertThat(process.output()).contains(file + ":2: destination: \"DB\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--listen", "--admin-listen"})
    void portInUseIsAFailureThatNamesIt(String flag) throws Exception {
        String other = flag.equals("--listen") ? "--admin-listen" : "--listen";
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ControlPlaneProcess process =
                        ControlPlaneProcess.start(
                                "standalone",
                                flag + "=127.0.0.1:" + taken.getLocalPort(),
                                other + "=127.0.0.1:0")) {
            assertThat(process.exitCode()).isEqualTo(1);
            assertThat(process.output())
                    .contains(
                            "ebb-control-plane: " + flag + " or EBB_CONTROL_PLANE_",
                            "_LISTEN: cannot listen on 127.0.0.1:" + taken.getLocalPort(),
                            "Address already in use")
                    .doesNotContain("stopped")
                    .doesNotContain("\tat ");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--help", "--version"})
    void helpAndVersionAreNoErrors(String flag) throws Exception {
        try (ControlPlaneProcess process = ControlPlaneProcess.start(flag)) {
            assertThat(process.exitCode()).isZero();
            assertThat(process.output()).contains("ebb-control-plane");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signalEndsTheProcessInOrder(String signal) throws Exception {
        try (ControlPlaneProcess process = started();
                StreamClient client = StreamClient.connect(process.port(), "client")) {
            client.subscribe(1, WEB).awaitSnapshot(1);

            long since = System.nanoTime();
            process.signal(signal);
            int code = process.exitCode();
            Duration took = Duration.ofNanos(System.nanoTime() - since);

            assertThat(code).isZero();
            assertThat(client.end().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(took).isLessThan(Duration.ofSeconds(5));
        }
    }

    @Test
    void termWhileStartingEndsTheProcess() throws Exception {
        try (ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "standalone", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0")) {
            process.signal("TERM");

            // The JVM's own handler answers with 143 until ours is in place.
            assertThat(process.exitCode()).isIn(0, 143);
        }
    }

    @Test
    void departureIsOneLineOfTheLog() throws Exception {
        try (ControlPlaneProcess process = started();
                StreamClient web = StreamClient.connect(process.port(), "web-1")) {
            web.register(WEB, "127.0.0.1", 4143).announce();
            web.send(
                    ProxyMessage.newBuilder()
                            .setLedger(
                                    Ledger.newBuilder()
                                            .setCause("TERM")
                                            .setReleaseReason("safe minimum")
                                            .setInFlight(1)
                                            .setAnswered(1))
                            .build());
            while (!web.next().hasRecorded()) {}

            process.signal("TERM");
            assertThat(process.exitCode()).isZero();

            assertThat(process.output().lines().filter(line -> line.contains("Departure ended")))
                    .singleElement()
                    .asString()
                    .contains("instance=web-1", "outcome=recorded", "answered=1", "unaccounted=0");
        }
    }

    private static ControlPlaneProcess started() throws IOException, InterruptedException {
        ControlPlaneProcess process =
                ControlPlaneProcess.start(
                        "standalone",
                        "--listen=127.0.0.1:0",
                        "--admin-listen=127.0.0.1:0",
                        "--warm-up=0s");
        process.awaitStarted();
        return process;
    }
}
