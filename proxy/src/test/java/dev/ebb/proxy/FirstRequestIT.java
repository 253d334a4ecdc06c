package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.TestClient;
import org.junit.jupiter.api.Test;

class FirstRequestIT {

    @Test
    void requestFindsItsWayThroughBothProxies() throws Exception {
        try (TestMesh mesh = new TestMesh()) {
            Replica web = mesh.replica("web-1");
            TestProxy client = mesh.client("client");
            mesh.plane().awaitReady(TestMesh.DESTINATION, 1);

            try (TestClient caller = TestClient.connect(client.outbound())) {
                TestClient.Response response = caller.get(TestMesh.WEB, "/r-1");

                assertThat(response.status()).isEqualTo(200);
                assertThat(response.body()).isEqualTo("web-1\n");
                assertThat(response.fields()).doesNotContain("ebb-");
                assertThat(web.origin().seen()).containsExactly("r-1");
            }
        }
    }
}
