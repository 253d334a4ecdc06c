package dev.ebb.proxy.application;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.application.PortProbe.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Scanner;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// The probe on real ports.
class PortProbeTest {

    private static final int PROBES = 20_000;

    private final PortProbe probe = PortProbe.connecting(Duration.ofMillis(500));

    @Test
    void openPortAccepts() throws Exception {
        try (ServerSocket open = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
            assertThat(ask(open.getLocalPort())).isEqualTo(Result.ACCEPTS);
        }
    }

    /// Linux takes every second ephemeral port in turn for connections to one address, so one of
    /// these probes is given the very port that it asks for.
    @Test
    void closedPortNeverSeemsOpenBecauseTheProbeHasMetItself() throws Exception {
        int port = lowestEphemeralPort() + 10_000;
        for (int i = 0; i < PROBES; i++) {
            assertThat(ask(port)).isNotEqualTo(Result.ACCEPTS);
        }
    }

    private static int lowestEphemeralPort() throws IOException {
        Path range = Path.of("/proc/sys/net/ipv4/ip_local_port_range");
        try (Scanner numbers = new Scanner(range, StandardCharsets.US_ASCII)) {
            return numbers.nextInt();
        }
    }

    private Result ask(int port) throws Exception {
        return probe.probe(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }
}
