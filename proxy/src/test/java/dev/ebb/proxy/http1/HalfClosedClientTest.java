package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// A client that ends its half behind its request.
@ExtendWith(NoLeaks.class)
class HalfClosedClientTest {

    private static final String GET = head("GET /a HTTP/1.1", "Host: w");

    private final ServerFixture server = new ServerFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void requestIsServedAndTheConnectionClosed() {
        server.channel.send(GET);

        server.channel.peerFinishes();
        server.only().answer(200, "served");

        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 200 OK\r\n")
                .contains("connection: close\r\n")
                .endsWith("\r\n\r\nserved");
        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.isReset()).isFalse();
        assertThat(server.only().resetCause()).isNull();
    }

    @Test
    void pipelinedRequestsAreAllServed() {
        server.channel.send(GET + GET.replace("/a", "/b") + GET.replace("/a", "/c"));

        server.channel.peerFinishes();
        server.exchange(0).answer(200, "1");
        server.exchange(1).answer(200, "2");
        assertThat(server.channel.isOpen()).isTrue();
        server.exchange(2).answer(200, "3");

        assertThat(server.channel.received().replaceAll("(?s)HTTP.*?\r\n\r\n", ""))
                .isEqualTo("123");
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void pipelinedRequestsThatAreAnsweredAtOnceAreAllServed() {
        server.channel.send(GET + GET.replace("/a", "/b") + GET.replace("/a", "/c"));
        server.channel.peerFinishes();
        server.onRequest = exchange -> exchange.answer(200, exchange.head().target());

        server.exchange(0).answer(200, "/a");

        assertThat(server.channel.received().replaceAll("(?s)HTTP.*?\r\n\r\n", ""))
                .isEqualTo("/a/b/c");
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void responseThatHasBegunIsCompletedAndTheConnectionClosed() {
        server.channel.send(GET);
        server.only().begin(200);
        server.only().data("first");

        server.channel.peerFinishes();
        server.only().data("second");
        server.only().end();

        assertThat(server.channel.received()).endsWith("first\r\n6\r\nsecond\r\n0\r\n\r\n");
        assertThat(server.channel.isOpen()).isFalse();
    }

    // What shows whether the client is there is a part of the response itself.
    @Test
    void beginningOfTheResponseIsSentAheadByteByByte() {
        server.channel.send(GET);

        server.channel.peerFinishes();
        assertThat(server.channel.received()).isEqualTo("H");
        server.channel.pass(110);
        assertThat(server.channel.received()).isEqualTo("T");
        server.channel.pass(300);
        assertThat(server.channel.received()).isEqualTo("T");
        server.only().answer(404, "none");

        assertThat(server.channel.received())
                .startsWith("P/1.1 404 Not Found\r\n")
                .endsWith("\r\n\r\nnone");
    }

    @Test
    void nothingButTheBeginningIsSentAheadHoweverLongTheResponseTakes() {
        server.channel.send(GET);
        server.channel.peerFinishes();

        server.channel.pass(3_600_000);
        String ahead = server.channel.received();
        server.only().answer(200, "late");

        assertThat(ahead).isEqualTo("HTTP/1.1 ");
        assertThat(server.channel.received()).startsWith("200 OK\r\n").endsWith("late");
    }

    /// The response waits in the socket; nothing may follow it.
    @Test
    void nothingIsSentBehindTheResponse() {
        server.channel.send(GET);
        server.channel.peerFinishes();
        server.channel.inTurn(() -> {
            server.only().answer(200, "served");
            server.channel.pass(1_000);
        });

        assertThat(server.channel.received()).endsWith("served");
    }

    @Test
    void refusalByUsIsWholeToo() {
        server.channel.send(GET);
        server.channel.peerFinishes();
        server.channel.pass(110);

        var _ = server.loopDrain.cut();
        server.channel.turn();

        assertThat(server.channel.received()).startsWith("HTTP/1.1 504 ").contains("grace-expired");
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void clientThatIsGoneIsNoticedByTheFirstWriteThatFails() {
        server.channel.send(GET);
        server.channel.peerFinishes();

        server.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void bodyThatPausesForLongHasLostItsClient() {
        server.channel.send(GET);
        server.only().begin(200);
        server.channel.peerFinishes();
        server.channel.pass(9_000);
        server.only().data("event");
        server.channel.pass(9_000);
        assertThat(server.only().resetCause()).isNull();

        server.channel.pass(12_000);

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
        assertThat(server.channel.isOpen()).isFalse();
    }

    /// The end of the connection would be the end of the body.
    @Test
    void bodyWithoutALengthThatPausesForLongIsSeenAsCut() {
        server.channel.send(head("GET /a HTTP/1.0"));
        server.only().begin(200);
        server.channel.peerFinishes();
        server.only().data("first half");

        server.channel.pass(25_000);

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
        assertThat(server.channel.isReset()).isTrue();
    }

    /// It pauses because no more is taken from upstream.
    @Test
    void bodyThatWaitsForASlowClientHasNotLostIt() {
        server.channel.send(GET);
        server.only().begin(200);
        server.channel.peerFinishes();
        server.only().data("much");
        setWritable(false);
        server.channel.pass(29_000);
        assertThat(server.channel.isOpen()).isTrue();
        setWritable(true);
        server.channel.pass(9_000);
        assertThat(server.only().resetCause()).isNull();

        server.channel.pass(12_000);

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
    }

    @Test
    void responseThatTheGraceCutsIsSeenAsReset() {
        server.channel.send(head("GET /a HTTP/1.0"));
        server.channel.peerFinishes();
        server.channel.peerStopsReading();
        server.only().answer(200, "until the end of the connection");

        var _ = server.loopDrain.cut();
        server.channel.turn();

        assertThat(server.channel.isReset()).isTrue();
    }

    @Test
    void clientThatTakesNothingOfItsLastResponseIsGivenUp() {
        server.channel.send(GET);
        server.channel.peerFinishes();
        server.channel.peerStopsReading();
        server.only().answer(200, "served");
        server.channel.pass(290_000);
        assertThat(server.channel.isOpen()).isTrue();

        server.channel.pass(20_000);

        assertThat(server.channel.isReset()).isTrue();
    }

    @Test
    void clientThatEndsItsHalfAndTakesNothingIsGivenUpToo() {
        server.channel.peerStopsReading();
        server.echoing().channel.send(GET);
        server.channel.peerFinishes();
        server.channel.pass(290_000);
        assertThat(server.channel.isOpen()).isTrue();

        server.channel.pass(20_000);

        assertThat(server.channel.isReset()).isTrue();
    }

    @Test
    void idleConnectionIsClosedAtOnce() {
        server.echoing().channel.send(GET);

        server.channel.peerFinishes();

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.received()).endsWith("/a");
    }

    @Test
    void requestThatIsNotCompleteIsNotServed() {
        server.channel.send(GET.substring(0, 10));

        server.channel.peerFinishes();

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.exchanges).isEmpty();
    }

    @Test
    void responseThatCameBeforeTheRequestWasCompleteIsSentToItsEnd() {
        server.channel.send(head("POST /a HTTP/1.1", "Host: w", "Content-Length: 10") + "part");
        server.channel.peerStopsReading();
        server.only().answer(413, "too much");

        server.channel.peerFinishes();
        server.channel.peerReadsOn();

        assertThat(server.channel.received()).endsWith("too much");
        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.isReset()).isFalse();
    }

    @Test
    void requestHoldsTheDrainUntilItIsServed() {
        server.channel.send(GET);
        server.channel.peerFinishes();
        server.beginDrain();
        assertThat(server.isDrained()).isFalse();

        server.only().answer(200, "served");
        server.channel.turn();

        assertThat(server.channel.received()).endsWith("served");
        assertThat(server.isDrained()).isTrue();
    }

    private void setWritable(boolean writable) {
        server.channel.unsafe().outboundBuffer().setUserDefinedWritability(1, writable);
        server.channel.turn();
    }
}
