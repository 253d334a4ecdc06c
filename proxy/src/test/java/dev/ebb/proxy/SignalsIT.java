package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.TestOrigin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The signals beside TERM and INT, and TERM at any moment of the start; on real processes.
class SignalsIT {

    @Test
    void hangupIsIgnoredAndLogged() throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = serving(origin)) {
            get(proxy, "/r-1");

            proxy.signal("HUP");
            proxy.awaitLine("HUP is ignored");

            assertThat(get(proxy, "/r-2")).isEqualTo(200);
        }
    }

    @Test
    void quitIsAThreadDumpAndNothingElse() throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = serving(origin)) {
            get(proxy, "/r-1");

            proxy.signal("QUIT");
            proxy.awaitLine("Full thread dump");

            assertThat(get(proxy, "/r-2")).isEqualTo(200);
        }
    }

    @Test
    void afterKillClientsGoElsewhereAndNothingIsDeliveredTwice() throws Exception {
        try (TestMesh mesh = new TestMesh();
                TestOrigin origin = TestOrigin.start("web-1");
                ProxyProcess victim =
                        ProxyProcess.start(
                                Map.of(
                                        "INSTANCE",
                                        "web-1",
                                        "CONTROL_PLANE",
                                        "127.0.0.1:" + mesh.plane().port(),
                                        "SERVES",
                                        TestMesh.DESTINATION,
                                        "APPLICATION",
                                        text(origin)))) {
            TestMesh.Replica other = mesh.replica("web-2");
            mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
            TestLoad load = mesh.load(mesh.client("client"), "load");
            load.awaitAnswered(200);

            victim.signal("KILL");
            assertThat(victim.awaitExit()).isEqualTo(128 + 9);
            load.awaitAnswered(200);
            load.close();

            // What the application had, or may have had, is lost and said to be; not more.
            assertThat(load.lost()).hasSizeLessThanOrEqualTo(4);
            assertThat(load.lost()).allMatch(each -> each.contains("status=502"));
            List<String> seen = new ArrayList<>(origin.seen());
            seen.addAll(other.origin().seen());
            assertThat(origin.seen()).isNotEmpty();
            assertThat(seen).doesNotHaveDuplicates();
        }
    }

    /// Before the handler is there the JVM ends with 143; from then on it is an end in order.
    @ParameterizedTest
    @ValueSource(ints = {20, 100, 200, 300, 450})
    void termAtAnyMomentOfTheStartEndsTheProcess(int millis) throws Exception {
        try (ProxyProcess proxy = ProxyProcess.start(Map.of())) {
            CompletableFuture.runAsync(
                            () -> term(proxy),
                            CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS))
                    .get(10, TimeUnit.SECONDS);

            assertThat(proxy.awaitExit()).isIn(0, 128 + 15);
            assertThat(proxy.output()).doesNotContain("\tat ");
        }
    }

    @Test
    void malformedRequestHasItsLineInTheAccessLog() throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy =
                        ProxyProcess.start(
                                Map.of("APPLICATION", text(origin), "ACCESS_LOG", "text"));
                TestClient client = TestClient.connect(proxy.listener("inbound"))) {
            client.write("GET /x HTTP/1.1\r\nHost: w\r\nNo colon\r\n\r\n");

            assertThat(client.read().status()).isEqualTo(400);
            proxy.awaitLine("\"GET w /x\" 400 ");
            AdminClient.ask(proxy.listener("admin"), "POST", "/shutdown");
            assertThat(proxy.awaitExit()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET\t/x\tHTTP/1.1", "G\u007fT /x HTTP/1.1", "GET / x HTTP/1.1"})
    void malformedRequestLineIsAnsweredAndNeverRelayedAsBytes(String line) throws Exception {
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy =
                        ProxyProcess.start(
                                Map.of("APPLICATION", text(origin), "ACCESS_LOG", "text"));
                TestClient client = TestClient.connect(proxy.listener("inbound"))) {
            client.write(line + "\r\nHost: w\r\n\r\n");

            TestClient.Response response = client.read();
            assertThat(response.status()).isEqualTo(400);
            assertThat(response.fields()).contains("ebb-proxy-error: bad-request-line");
            assertThat(client.isClosedByPeer()).isTrue();
            proxy.awaitLine("\" 400 ");
            assertThat(origin.seen()).isEmpty();
        }
    }

    private static ProxyProcess serving(TestOrigin origin) throws Exception {
        return ProxyProcess.start(Map.of("APPLICATION", text(origin)));
    }

    private static int get(ProxyProcess proxy, String target) throws Exception {
        try (TestClient client = TestClient.connect(proxy.listener("inbound"))) {
            return client.get(TestMesh.WEB, target).status();
        }
    }

    private static void term(ProxyProcess proxy) {
        try {
            proxy.signal("TERM");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static String text(TestOrigin origin) {
        return "127.0.0.1:" + origin.address().getPort();
    }
}
