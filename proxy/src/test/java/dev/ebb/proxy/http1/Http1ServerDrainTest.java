package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class Http1ServerDrainTest {

    private static final String GET = head("GET /a HTTP/1.1", "Host: w");
    private static final String POST = head("POST /p HTTP/1.1", "Host: w", "Content-Length: 4");

    private final ServerFixture server = new ServerFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void activeRequestFinishesWithConnectionClose() {
        server.channel.send(GET);
        server.beginDrain();
        assertThat(server.isDrained()).isFalse();

        server.only().answer(200, "done");

        assertThat(server.channel.received()).contains("connection: close").endsWith("done");
        assertThat(server.channel.isOutputShutdown()).isTrue();
        server.channel.peerFinishes();
        assertThat(server.isDrained()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
    }

    @Test
    void requestCostsNoLeaseBeforeTheDrain() {
        int before = server.drain.held();

        server.channel.send(GET);

        assertThat(server.drain.held()).isEqualTo(before);
    }

    @Test
    void idleConnectionOfAnEbbClientMayBringARequestUntilItsClientClosesIt() {
        server.channel.send(GET);
        server.only().stream().peerIsMeshed();
        assertThat(server.expectant()).isZero();

        server.only().answer(200, "done");
        assertThat(server.expectant()).isOne();

        server.channel.peerFinishes();
        assertThat(server.expectant()).isZero();
    }

    @Test
    void connectionThatHasBroughtNothingYetMayBringARequest() {
        assertThat(server.expectant()).isOne();

        server.channel.send("GET / HTTP/1.1\r\n");
        assertThat(server.expectant()).isOne();

        server.channel.send("Host: w\r\n\r\n");
        assertThat(server.expectant()).isZero();

        server.only().answer(200, "done");
        assertThat(server.expectant()).isZero();
    }

    @Test
    void whatIsHeldHasAName() {
        server.channel.send(GET);

        server.beginDrain();

        assertThat(server.drain.holders())
                .singleElement()
                .asString()
                .startsWith("GET w on connection from");
    }

    @Test
    void idleConnectionIsHalfClosedAndLingers() {
        server.echoing().channel.send(GET);
        server.channel.received();

        server.beginDrain();

        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isOpen()).isTrue();
        server.channel.send(GET);
        assertThat(server.exchanges).hasSize(1);
        server.channel.peerFinishes();
        assertThat(server.isDrained()).isTrue();
    }

    @Test
    void idleConnectionThatItsClientDoesNotCloseHoldsTheDrainForAMoment() {
        server.echoing().channel.send(GET);
        server.beginDrain();

        server.channel.pass(1_200);

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.isDrained()).isTrue();
    }

    @Test
    void idleConnectionOfAnEbbClientIsLeftToItAndHoldsNothing() {
        server.onRequest =
                exchange -> {
                    exchange.stream().peerIsMeshed();
                    exchange.answer(200, "");
                };
        server.channel.send(GET);
        server.channel.received();

        server.beginDrain();
        server.channel.pass(5_000);

        assertThat(server.isDrained()).isTrue();
        assertThat(server.channel.isOutputShutdown()).isFalse();
        server.channel.send(GET);
        assertThat(server.channel.received()).contains("connection: close");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    // D28
    @Test
    void connectionWithoutARequestDoesNotHoldTheDrain() {
        server.beginDrain();
        assertThat(server.isDrained()).isFalse();

        server.channel.pass(1_200);
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.received()).isEmpty();
        server.channel.pass(1_200);

        assertThat(server.isDrained()).isTrue();
    }

    // D28
    @Test
    void headInProgressDoesNotHoldTheDrain() {
        server.channel.send("GET / HTTP/1.1\r\nHost:");
        server.beginDrain();

        server.channel.pass(1_200);

        assertThat(server.channel.received()).startsWith("HTTP/1.1 408 ");
        server.channel.pass(1_200);
        assertThat(server.isDrained()).isTrue();
    }

    @Test
    void headThatEndsInTheMomentItIsGrantedIsServed() {
        server.echoing().channel.send("GET /x HTTP/1.1\r\nHost:");
        server.beginDrain();
        server.channel.pass(500);

        server.channel.send(" w\r\n\r\n");

        assertThat(server.channel.received()).contains("connection: close").endsWith("/x");
    }

    @Test
    void requestThatWaitsInTheSocketWhenTheDrainBeginsIsServed() {
        server.echoing().channel.send(GET);
        server.channel.received();
        var _ = server.drain.begin(Duration.ofMinutes(1));
        server.channel.turn();

        server.channel.send(GET);

        assertThat(server.exchanges).hasSize(2);
        assertThat(server.channel.received()).contains("connection: close").endsWith("/a");
    }

    // D3
    @Test
    void batchThatWasReadIsAnsweredInOrderAndTheRestIsProvablyUnread() {
        server.channel.send(GET + GET.replace("/a", "/b") + GET.replace("/a", "/c"));
        server.exchange(0).answer(200, "1");
        server.beginDrain();
        server.channel.send(GET.replace("/a", "/late") + GET);

        server.exchange(1).answer(200, "2");
        server.exchange(2).answer(200, "3");

        String received = server.channel.received();
        assertThat(received.replaceAll("(?s)HTTP.*?\r\n\r\n", "")).isEqualTo("123");
        assertThat(received.indexOf("connection: close")).isGreaterThan(received.indexOf("2HTTP"));
        assertThat(server.exchanges).hasSize(3);
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
    }

    // D4
    @Test
    void expectationThatWaitsWhenTheDrainBeginsGetsItsContinueAndItsAnswer() {
        server.channel.send(
                head("POST / HTTP/1.1", "Host: w", "Content-Length: 2", "Expect: 100-continue"));
        server.beginDrain();

        server.only().stream()
                .informational(
                        new ResponseHead(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders(), 0));
        server.channel.send("ab");
        server.only().answer(200, "ok");

        assertThat(server.only().body()).isEqualTo("ab");
        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")
                .contains("connection: close")
                .endsWith("ok");
    }

    // D5
    @Test
    void slowUploadAcrossTheDrainIsServed() {
        server.channel.send(head("POST / HTTP/1.1", "Host: w", "Transfer-Encoding: chunked"));
        server.beginDrain();

        for (int i = 0; i < 6; i++) {
            server.channel.pass(10_000);
            server.channel.send("1\r\nx\r\n");
        }
        server.channel.send("0\r\n\r\n");
        server.only().answer(200, "ok");

        assertThat(server.only().body()).isEqualTo("xxxxxx");
        assertThat(server.channel.received()).contains("connection: close").endsWith("ok");
    }

    // D5
    @Test
    void requestWhoseBodyIsHalfSentAtTheEndOfTheGraceIsAnsweredByUs() {
        server.channel.send(POST + "ab");
        server.beginDrain();

        cut();

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.GRACE_EXPIRED);
        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 504 ")
                .contains("ebb-proxy-error: grace-expired");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    // D6
    @Test
    void downloadThatIsCutAtTheEndOfTheGraceHasNoLastChunk() {
        server.channel.send(GET);
        server.only().begin(200);
        server.only().data("abc");
        server.beginDrain();
        server.channel.pass(20_000);
        server.only().data("def");

        cut();

        assertThat(server.channel.received()).endsWith("3\r\nabc\r\n3\r\ndef\r\n");
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.GRACE_EXPIRED);
    }

    // D6
    @Test
    void bodyUntilCloseThatIsCutAtTheEndOfTheGraceIsReset() {
        server.channel.send(head("GET / HTTP/1.0"));
        server.only().begin(200);
        server.only().data("abc");
        server.channel.received();
        server.beginDrain();

        cut();

        assertThat(server.channel.isReset()).isTrue();
    }

    // D6
    @Test
    void downloadThatBeganBeforeTheDrainEndsItsConnectionThough() {
        server.channel.send(GET);
        server.only().begin(200);
        server.channel.received();
        server.beginDrain();

        server.only().data("abc");
        server.only().end();

        assertThat(server.channel.received()).endsWith("0\r\n\r\n");
        assertThat(server.channel.isOutputShutdown()).isTrue();
        server.channel.peerFinishes();
        assertThat(server.isDrained()).isTrue();
    }

    // D7
    @Test
    void bodilessResponsesAtTheDrainEdgeCarryConnectionClose() {
        server.channel.send(head("HEAD / HTTP/1.1", "Host: w"));
        server.beginDrain();

        server.only().stream()
                .head(new ResponseHead(HttpResponseStatus.OK, new DefaultHttpHeaders(), 0));
        server.only().end();

        assertThat(server.channel.received())
                .isEqualTo(head("HTTP/1.1 200 OK", "connection: close"));
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    // D7
    @Test
    void http10KeepAliveEndsWithTheDrain() {
        server.channel.send(head("GET / HTTP/1.0", "Connection: keep-alive"));
        server.beginDrain();

        server.only().answer(200, "x");

        assertThat(server.channel.received())
                .contains("connection: close")
                .doesNotContain("keep-alive");
    }

    // D8
    @Test
    void earlyAnswerDuringTheDrainIsDeliveredAndTheRestDiscarded() {
        server.channel.send(head("POST / HTTP/1.1", "Host: w", "Content-Length: 500000") + "abc");
        server.beginDrain();

        server.only().answer(413, "no");
        server.channel.send("x".repeat(100_000));

        assertThat(server.channel.received()).contains("connection: close").endsWith("no");
        assertThat(server.channel.isOpen()).isTrue();
        server.channel.peerFinishes();
        assertThat(server.isDrained()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
    }

    @Test
    void retiredConnectionClosesAfterItsResponseWithoutADrain() {
        server.channel.send(GET);
        RequestHead head = server.only().head();

        server.only().stream().retireConnection();
        server.only().answer(200, head.target());

        assertThat(server.channel.received()).contains("connection: close").endsWith("/a");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void upgradedConnectionHoldsTheDrainUntilBothHalvesHaveEnded() {
        server.channel.send(
                head("GET / HTTP/1.1", "Host: w", "Connection: upgrade", "Upgrade: websocket"));
        server.only().stream()
                .head(
                        new ResponseHead(
                                HttpResponseStatus.SWITCHING_PROTOCOLS,
                                new DefaultHttpHeaders().set("upgrade", "websocket"),
                                RequestHead.UNKNOWN_LENGTH));
        server.beginDrain();

        server.channel.pass(20_000);
        server.channel.peerFinishes();
        assertThat(server.isDrained()).isFalse();
        server.only().stream().end(EmptyHttpHeaders.INSTANCE);
        server.channel.turn();

        assertThat(server.isDrained()).isTrue();
    }

    private void cut() {
        var _ = server.loopDrain.cut();
        server.channel.turn();
    }
}
