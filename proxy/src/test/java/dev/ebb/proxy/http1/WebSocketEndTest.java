package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.stream.StreamReset.Cause;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a WebSocket's two ends see when the grace has ended.
class WebSocketEndTest {

    private static final String UPGRADE =
            head("GET /ws HTTP/1.1", "Host: w", "Connection: Upgrade", "Upgrade: websocket");
    private static final String SWITCH =
            head("HTTP/1.1 101 Switching Protocols", "Connection: Upgrade", "Upgrade: websocket");

    /// Final text frames: "hi", and the first half of it.
    private static final String FRAME = "\u0081\u0002hi";

    private static final String HALF = "\u0081\u0002h";
    private static final String GOING_AWAY = "\u0088\u0002\u0003\u00e9";

    private final ServerFixture server = new ServerFixture();
    private final ClientFixture client = new ClientFixture();

    @BeforeEach
    void open() {
        server.channel.send(UPGRADE);
        server.only().stream()
                .head(
                        new ResponseHead(
                                HttpResponseStatus.SWITCHING_PROTOCOLS,
                                new DefaultHttpHeaders().set("upgrade", "websocket"),
                                RequestHead.UNKNOWN_LENGTH));
        server.channel.received();
    }

    @AfterEach
    void close() {
        server.close();
        client.close();
    }

    @Test
    void clientIsToldBetweenTwoFramesThatTheServerIsGoingAway() {
        server.only().data(FRAME);

        cut();

        assertThat(server.channel.received()).isEqualTo(FRAME + GOING_AWAY);
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
        assertThat(server.only().resetCause()).isEqualTo(Cause.GRACE_EXPIRED);
    }

    @Test
    void clientInTheMiddleOfAFrameSeesAReset() {
        server.only().data(HALF);

        cut();

        assertThat(server.channel.received()).isEqualTo(HALF);
        assertThat(server.channel.isReset()).isTrue();
    }

    @Test
    void serverIsToldThatItsClientIsGoingAway() {
        RecordedResponse response = upgrade();

        response.stream().reset(new StreamReset(Cause.GRACE_EXPIRED, "test"));
        client.channel.turn();

        // Masked with a key that changes.
        assertThat(client.channel.received()).startsWith("\u0088\u0082").hasSize(8);
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.channel.isReset()).isFalse();
    }

    @Test
    void serverWhoseClientHasVanishedSeesAReset() {
        RecordedResponse response = upgrade();

        response.stream().reset(new StreamReset(Cause.CANCELLED, "test"));
        client.channel.turn();

        assertThat(client.channel.received()).isEmpty();
        assertThat(client.channel.isReset()).isTrue();
    }

    private RecordedResponse upgrade() {
        RecordedResponse response = client.open(server.only().head());
        client.channel.send(SWITCH);
        client.channel.received();
        return response;
    }

    private void cut() {
        var _ = server.loopDrain.cut();
        server.channel.turn();
    }
}
