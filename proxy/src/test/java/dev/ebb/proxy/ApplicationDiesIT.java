package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestOrigin;
import org.junit.jupiter.api.Test;

class ApplicationDiesIT {

    @Test
    void requestOfAnApplicationThatDiesIsAnsweredAtOnce() throws Exception {
        TestOrigin origin = TestOrigin.start("web");
        try (TestProxy proxy =
                TestProxy.named("web")
                        .set("APPLICATION", "127.0.0.1:" + origin.address().getPort())
                        .start()) {
            TestClient client = TestClient.connect(proxy.inbound());
            client.get("web.demo", "/first");
            origin.shut();
            client.write("GET /r-1 HTTP/1.1\r\nHost: web.demo\r\n\r\n");
            origin.awaitSeen(2);

            origin.close();
            TestClient.Response response = client.read();

            assertThat(response.status()).isEqualTo(502);
            client.close();
        }
    }
}
