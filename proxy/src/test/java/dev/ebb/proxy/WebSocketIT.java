package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.testing.TestClient;
import dev.ebb.proxy.testing.TestControlPlane;
import dev.ebb.proxy.testing.WebSocketOrigin;
import dev.ebb.proxy.testing.Wire;
import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A WebSocket through two proxies, the server's of which ends.
class WebSocketIT {

    private static final byte[] FRAME = {(byte) 0x81, 2, 'h', 'i'};
    private static final byte[] HALF_A_FRAME = {(byte) 0x81, 2, 'h'};

    /// RFC 6455 §5.5.1, §7.4.1.
    private static final byte[] GOING_AWAY = {(byte) 0x88, 2, 0x03, (byte) 0xe9};

    private TestControlPlane plane;
    private WebSocketOrigin origin;
    private TestProxy server;
    private TestProxy client;
    private TestClient caller;

    @BeforeEach
    void open() throws Exception {
        plane = TestControlPlane.start();
        origin = WebSocketOrigin.start();
        server =
                TestProxy.named("web-1")
                        .controlPlane(plane.port())
                        .serves(TestMesh.DESTINATION, origin.address())
                        .set("GRACE", "3s")
                        .start();
        plane.awaitReady(TestMesh.DESTINATION, 1);
        client = TestProxy.named("client").controlPlane(plane.port()).start();
        caller = TestClient.connect(client.outbound());
        caller.write(
                Wire.head(
                        "GET /ws HTTP/1.1",
                        "Host: " + TestMesh.WEB,
                        "Connection: Upgrade",
                        "Upgrade: websocket"));
        assertThat(caller.readLine()).startsWith("HTTP/1.1 101 ");
        String field = caller.readLine();
        while (field != null && !field.isEmpty()) {
            field = caller.readLine();
        }
    }

    @AfterEach
    void close() throws Exception {
        caller.close();
        client.close();
        server.close();
        origin.close();
        plane.close();
    }

    @Test
    void bothEndsAreToldThatTheOtherIsGoingAway() throws Exception {
        origin.send(FRAME);
        assertThat(caller.readBytes(4)).isEqualTo(FRAME);

        server.end(Reason.SHUTDOWN);

        assertThat(caller.readBytes(4)).isEqualTo(GOING_AWAY);
        assertThat(caller.isClosedByPeer()).isTrue();
        assertThat(origin.received()).hasSize(8).startsWith(0x88, 0x82);
        server.awaitEnd();
        assertThat(plane.awaitLedger("web-1").getCutNamesList())
                .singleElement()
                .asString()
                .startsWith("GET web.demo on connection from /127.0.0.1:");
    }

    @Test
    void clientInTheMiddleOfAFrameSeesTheCut() throws Exception {
        origin.send(HALF_A_FRAME);
        assertThat(caller.readBytes(3)).isEqualTo(HALF_A_FRAME);

        server.end(Reason.SHUTDOWN);

        assertThat(restOrReset()).isEmpty();
    }

    private byte[] restOrReset() throws IOException {
        try {
            return caller.readBytes(1);
        } catch (SocketException _) {
            return new byte[0];
        }
    }
}
