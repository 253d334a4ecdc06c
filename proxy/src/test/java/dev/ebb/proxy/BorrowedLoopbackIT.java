package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestOrigin;
import java.net.InetSocketAddress;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Nobody borrows the proxy's loopback: what only loopback may ask of the admin server cannot be
/// asked through the data plane, whatever the `Host` and whatever discovery says.
class BorrowedLoopbackIT {

    private static final List<String> LOCAL_NAMES =
            List.of(
                    "127.0.0.1",
                    "localhost",
                    "LOCALHOST",
                    "[::1]",
                    "0.0.0.0",
                    "[::ffff:127.0.0.1]");
    private static final List<String> VERBS = List.of("/shutdown", "/departure");

    @Test
    void outboundListenerRefusesEveryNameOfTheAdminServer() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            TestProxy client = mesh.replica("web-1").proxy();
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

            for (String name : LOCAL_NAMES) {
                for (String verb : VERBS) {
                    String authority = name + ":" + client.admin().getPort();
                    assertThat(post(client.outbound(), authority, verb)).isEqualTo("403 loop");
                }
            }

            assertUntouched(client);
        }
    }

    @Test
    void inboundListenerReachesTheApplicationOnlyWhateverTheHost() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            Replica web = mesh.replica("web-1");
            InetSocketAddress inbound = web.proxy().inbound();
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

            for (String name : LOCAL_NAMES) {
                for (String verb : VERBS) {
                    post(inbound, name + ":" + web.proxy().admin().getPort(), verb);
                }
            }

            assertThat(web.origin().seen()).hasSize(LOCAL_NAMES.size() * VERBS.size());
            assertUntouched(web.proxy());
        }
    }

    @Test
    void applicationThatIsTheAdminServerIsRefused() throws Exception {
        String admin = "127.0.0.1:" + TestOrigin.freePort();
        try (TestMesh mesh = new TestMesh()) {
            TestProxy proxy =
                    mesh.replica(
                                    "confused",
                                    it -> it.set("ADMIN_LISTEN", admin).set("APPLICATION", admin))
                            .proxy();
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

            String answer = post(proxy.inbound(), "web.demo", "/shutdown");

            assertThat(answer).isEqualTo("403 loop");
            assertUntouched(proxy);
        }
    }

    @Test
    void endpointThatDiscoveryCallsTheAdminServerIsRefused() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            TestProxy client = mesh.replica("web-1").proxy();
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
            mesh.replica(
                    "liar",
                    it -> it.set("SERVES", "liar.demo:80=127.0.0.1:" + client.admin().getPort()));
            mesh.plane().awaitReady("liar.demo:80", 1);

            String answer = post(client.outbound(), "liar.demo", "/shutdown");

            assertThat(answer).isEqualTo("403 loop");
            assertUntouched(client);
        }
    }

    /// The way stays open that must: an instance may be its own client.
    @Test
    void instanceReachesItselfThroughItsInboundListener() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            Replica web = mesh.replica("web-1");
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

            try (TestClient caller = TestClient.connect(web.proxy().outbound())) {
                assertThat(caller.get(TestMesh.WEB, "/r-1").status()).isEqualTo(200);
            }
        }
    }

    private static void assertUntouched(TestProxy proxy) throws Exception {
        assertThat(proxy.hasEnded()).isFalse();
        assertThat(AdminClient.hook(proxy.admin())).contains("\"none\"");
    }

    /// Status and `ebb-proxy-error`.
    private static String post(InetSocketAddress proxy, String authority, String target)
            throws Exception {
        try (TestClient client = TestClient.connect(proxy)) {
            TestClient.Response response = client.post(authority, target, "");
            String error =
                    response.fields()
                            .lines()
                            .filter(line ->
                                    line.toLowerCase(java.util.Locale.ROOT)
                                            .startsWith("ebb-proxy-error:"))
                            .map(line -> line.substring(line.indexOf(':') + 1).trim())
                            .findFirst()
                            .orElse("none");
            return response.status() + " " + error;
        }
    }
}
