package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Clients that would use up the heap of a production proxy, by what they make it keep.
class LargeHeadsIT {

    private static final int CLIENTS = 500;

    /// 250 fields of 200 bytes: 50 KB, near both limits.
    private static final String LARGE =
            "GET /large HTTP/1.1\r\nHost: web.demo\r\n"
                    + ("X-Large: " + "x".repeat(190) + "\r\n").repeat(250)
                    + "\r\n";

    private static final String ONE_LONG_FIELD =
            "GET /long HTTP/1.1\r\nHost: web.demo\r\nX: " + "x".repeat(60_000) + "\r\n\r\n";

    @Test
    void largeHeadsThatDoNotFitAreRefusedAndTheProcessLives() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy =
                        ProxyProcess.startWithSmallHeap(
                                Map.of("APPLICATION", "127.0.0.1:" + origin.address().getPort()))) {
            origin.shut();
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = TestClient.connect(proxy.listener("inbound"));
                clients.add(client);
                client.write(LARGE);
            }
            List<Integer> statuses = new ArrayList<>();
            // The last one came when the others filled the budget.
            statuses.add(clients.getLast().read().status());
            origin.open();
            for (TestClient client : clients.subList(0, CLIENTS - 1)) {
                statuses.add(client.read().status());
            }

            assertThat(statuses).containsOnly(200, 503).hasSize(CLIENTS);
            assertThat(statuses.getFirst()).isEqualTo(503);
            assertThat(origin.seen())
                    .hasSize((int) statuses.stream().filter(s -> s == 200).count());
            try (TestClient after = TestClient.connect(proxy.listener("inbound"))) {
                assertThat(after.get(TestMesh.WEB, "/after").status()).isEqualTo(200);
            }
        } finally {
            close(clients);
        }
    }

    /// The codec's array for the longest line is as long as the connection lives.
    @Test
    void clientsThatHaveSentALongFieldLeaveNothingBehind() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy =
                        ProxyProcess.startWithSmallHeap(
                                Map.of("APPLICATION", "127.0.0.1:" + origin.address().getPort()))) {
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = TestClient.connect(proxy.listener("inbound"));
                clients.add(client);
                client.write(ONE_LONG_FIELD);

                assertThat(client.read().status()).isEqualTo(200);
            }
        } finally {
            close(clients);
        }
    }

    private static void close(List<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.close();
        }
    }
}
