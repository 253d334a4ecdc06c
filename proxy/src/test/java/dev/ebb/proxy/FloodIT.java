package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestOrigin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// More clients at once than a production proxy has memory for, by its own flags.
class FloodIT {

    /// Without a limit most of them are refused, and some thousands more end the heap of 24 MiB.
    private static final int CLIENTS = 5_000;

    /// Without a budget the 64 MiB of buffers end at about 650 of them.
    private static final int UPLOADS = 1_000;

    private static final String UPLOAD =
            "POST /upload HTTP/1.1\r\nHost: web.demo\r\nContent-Length: 60000\r\n\r\n"
                    + "u".repeat(60_000);

    @Test
    void clientsBeyondTheLimitWaitAndAreServedAsOthersLeave() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = start(origin)) {
            origin.shut();
            for (int i = 0; i < CLIENTS; i++) {
                TestClient client = TestClient.connect(proxy.listener("inbound"));
                clients.add(client);
                client.write("GET /one HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            }
            origin.awaitSeen(1_000);
            String metrics = AdminClient.ask(proxy.listener("admin"), "GET", "/metrics").body();
            origin.open();
            for (TestClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
                client.close();
            }

            assertThat(origin.seen()).hasSize(CLIENTS);
            assertThat(metrics)
                    .contains("ebb_accepting_paused_total{direction=\"inbound\"} 1.0\n")
                    .contains("ebb_connection_limit{direction=\"inbound\"} ");
            assertThat(proxy.isAlive()).isTrue();
        } finally {
            close(clients);
        }
    }

    @Test
    void bodiesThatThereIsNoRoomForAreSentAndNotKept() throws Exception {
        List<TestClient> clients = new ArrayList<>();
        try (TestOrigin origin = TestOrigin.start("web");
                ProxyProcess proxy = start(origin)) {
            origin.shut();
            for (int i = 0; i < UPLOADS; i++) {
                TestClient client = TestClient.connect(proxy.listener("inbound"));
                clients.add(client);
                client.write(UPLOAD);
            }
            origin.awaitSeen(UPLOADS);
            origin.open();
            for (TestClient client : clients) {
                assertThat(client.read().status()).isEqualTo(200);
            }

            assertThat(proxy.output()).doesNotContain("OutOfMemoryError");
        } finally {
            close(clients);
        }
    }

    private static ProxyProcess start(TestOrigin origin) throws IOException {
        String application = "127.0.0.1:" + origin.address().getPort();
        return ProxyProcess.startWithSmallHeap(Map.of("APPLICATION", application, "WORKERS", "2"));
    }

    private static void close(List<TestClient> clients) throws IOException {
        for (TestClient client : clients) {
            client.close();
        }
    }
}
