package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestControlPlane;
import dev.ebb.proxy.testing.TestOrigin;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Real processes, real signals, exit codes.
class ProxyProcessIT {

    @ParameterizedTest
    @ValueSource(strings = {"TERM", "INT"})
    void signalEndsAnIdleProxyWithZero(String signal) throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of())) {
            proxy.listener("admin");

            proxy.signal(signal);

            assertThat(proxy.awaitExit()).isZero();
            assertThat(proxy.output()).contains("Ledger cause=TERM").doesNotContain("\tat ");
        }
    }

    @Test
    void postShutdownEndsWithZero() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of())) {
            TestClient.Response answer =
                    AdminClient.ask(proxy.listener("admin"), "POST", "/shutdown");

            assertThat(answer.status()).isEqualTo(200);
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    @Test
    void secondIntExitsNow() throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = ProxyProcess.start(Map.of("APPLICATION", text(origin)))) {
            serveOne(proxy);
            proxy.signal("INT");
            proxy.awaitLine("Departure begins");

            proxy.signal("INT");

            assertThat(proxy.awaitExit()).isEqualTo(130);
        }
    }

    @Test
    void furtherTermsAndOneIntAreLoggedOnly() throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = ProxyProcess.start(Map.of("APPLICATION", text(origin)))) {
            serveOne(proxy);
            proxy.signal("TERM");
            proxy.awaitLine("Departure begins");

            proxy.signal("TERM");
            proxy.awaitLine("already ending reason=TERM");
            proxy.signal("INT");
            proxy.awaitLine("already ending reason=INT");

            assertThat(proxy.isAlive()).isTrue();
            AdminClient.ask(proxy.listener("admin"), "POST", "/shutdown");
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    @Test
    void everyMalformedVariableIsNamedAndTheExitIs64() throws Exception {
        try (ProxyProcess proxy =
                ProxyProcess.start(Map.of("GRACE", "5x", "WORKERS", "many", "HODL", "enabled"))) {
            int exit = proxy.awaitExit();

            assertThat(exit).isEqualTo(64);
            assertThat(proxy.output())
                    .contains(
                            "ebb-proxy: EBB_PROXY_GRACE: \"5x\" (expected: a duration such as 10s or 500ms)")
                    .contains("EBB_PROXY_WORKERS: \"many\"")
                    .contains("perhaps EBB_PROXY_HOLD")
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void argumentIsRefused() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of(), "--port=1")) {
            assertThat(proxy.awaitExit()).isEqualTo(64);
            assertThat(proxy.output()).contains("argument: \"--port=1\"");
        }
    }

    @ParameterizedTest
    @CsvSource({"--help, EBB_PROXY_*", "--version, ebb-proxy "})
    void questionIsAnswered(String question, String answer) throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of("GRACE", "malformed"), question)) {
            proxy.awaitLine(answer);
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"INBOUND_LISTEN", "OUTBOUND_LISTEN", "ADMIN_LISTEN"})
    void portInUseIsNamedWithItsVariable(String variable) throws Exception {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ProxyProcess proxy =
                        ProxyProcess.start(Map.of(variable, "127.0.0.1:" + taken.getLocalPort()))) {
            int exit = proxy.awaitExit();

            assertThat(exit).isEqualTo(1);
            assertThat(proxy.output())
                    .contains("ebb-proxy: EBB_PROXY_" + variable + ": cannot listen on 127.0.0.1:")
                    .contains(Integer.toString(taken.getLocalPort()))
                    .doesNotContain("\tat ");
        }
    }

    @Test
    void nobodyFromAnotherAddressEndsTheProxy() throws Exception {
        Optional<InetAddress> own = ownAddress();
        Assumptions.assumeTrue(own.isPresent(), "this machine has no address but loopback");
        try (ProxyProcess proxy = ProxyProcess.start(Map.of("ADMIN_LISTEN", "0.0.0.0:0"))) {
            InetSocketAddress admin =
                    new InetSocketAddress(own.get(), proxy.listener("admin").getPort());

            assertThat(AdminClient.ask(admin, "POST", "/shutdown").status()).isEqualTo(403);
            assertThat(AdminClient.ask(admin, "POST", "/departure").status()).isEqualTo(403);

            assertThat(proxy.isAlive()).isTrue();
            assertThat(proxy.output()).doesNotContain("Departure begins");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1:%d", "localhost:%d", "[::1]:%d", "0.0.0.0:%d"})
    void nobodyBorrowsLoopbackThroughTheListeners(String host) throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of("APPLICATION", "127.0.0.1:1"))) {
            String authority = host.formatted(proxy.listener("admin").getPort());

            for (String listener : new String[] {"outbound", "inbound"}) {
                for (String path : new String[] {"/shutdown", "/departure"}) {
                    try (TestClient client = TestClient.connect(proxy.listener(listener))) {
                        int status = client.post(authority, path, "x").status();
                        assertThat(status).isGreaterThanOrEqualTo(400);
                    }
                }
            }

            assertThat(proxy.isAlive()).isTrue();
            assertThat(proxy.output()).doesNotContain("Departure begins");
        }
    }

    @Test
    void inboundNeverReachesTheAdminServerEvenIfItIsCalledTheApplication() throws Exception {
        int port = TestOrigin.freePort();
        try (ProxyProcess proxy =
                ProxyProcess.start(
                        Map.of(
                                "ADMIN_LISTEN", "127.0.0.1:" + port,
                                "APPLICATION", "127.0.0.1:" + port))) {
            try (TestClient client = TestClient.connect(proxy.listener("inbound"))) {
                TestClient.Response answer = client.post("localhost", "/shutdown", "x");

                assertThat(answer.status()).isEqualTo(403);
                assertThat(answer.fields()).contains("ebb-proxy-error: loop");
            }
            assertThat(proxy.isAlive()).isTrue();
        }
    }

    @Test
    void frozenSubscriberIsNotWaitedForLongerThanItsLease() throws Exception {
        try (TestControlPlane plane = TestControlPlane.start();
                TestOrigin one = TestOrigin.start("web-1");
                TestOrigin two = TestOrigin.start("web-2");
                ProxyProcess client =
                        ProxyProcess.start(
                                Map.of(
                                        "INSTANCE",
                                        "client",
                                        "CONTROL_PLANE",
                                        "127.0.0.1:" + plane.port()));
                TestProxy leaving = replica(plane, one, "web-1");
                TestProxy other = replica(plane, two, "web-2")) {
            plane.awaitReady("web.demo:80", 2);
            try (TestClient caller = TestClient.connect(client.listener("outbound"))) {
                caller.get("web.demo", "/r-1");
            }
            plane.awaitApplied("client");
            client.signal("STOP");

            long began = System.nanoTime();
            AdminClient.holdAndWait(leaving.admin());
            Duration held = Duration.ofNanos(System.nanoTime() - began);
            client.signal("CONT");

            // gRPC's own keepalive, on which the test's control plane relies, takes 12 s.
            assertThat(held).isBetween(Duration.ofMillis(900), Duration.ofSeconds(16));
            assertThat(plane.releasedNanos("web-1")).isNotNull();
            assertThat(other.hasEnded()).isFalse();
        }
    }

    @Test
    void proxyThatSleptThroughItsDepartureEndsAfterwards() throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of("SAFE_MINIMUM", "1s"))) {
            InetSocketAddress admin = proxy.listener("admin");
            Thread hold = Thread.ofVirtual().start(() -> AdminClient.holdUnchecked(admin));
            proxy.awaitLine("Departure begins");

            proxy.signal("STOP");
            proxy.signal("CONT");
            hold.join();
            proxy.signal("TERM");

            assertThat(proxy.awaitExit()).isZero();
            assertThat(proxy.output()).contains("releaseReason=\"safe minimum\"");
        }
    }

    private static void serveOne(ProxyProcess proxy) throws Exception {
        try (TestClient client = TestClient.connect(proxy.listener("inbound"))) {
            assertThat(client.get("web.demo", "/r-1").status()).isEqualTo(200);
        }
    }

    private static TestProxy replica(TestControlPlane plane, TestOrigin origin, String name)
            throws StartException {
        return TestProxy.named(name)
                .controlPlane(plane.port())
                .serves("web.demo:80", origin.address())
                .start();
    }

    private static String text(TestOrigin origin) {
        return "127.0.0.1:" + origin.address().getPort();
    }

    private static Optional<InetAddress> ownAddress() throws Exception {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(address -> !address.isLoopbackAddress() && !address.isLinkLocalAddress())
                .findFirst();
    }
}
