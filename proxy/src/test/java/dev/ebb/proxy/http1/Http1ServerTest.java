package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static dev.ebb.proxy.testing.Wire.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import dev.ebb.proxy.testing.RecordedExchange;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(NoLeaks.class)
class Http1ServerTest {

    private static final String GET = head("GET /a HTTP/1.1", "Host: web.demo");

    private final ServerFixture server = new ServerFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void requestArrivesWithItsAuthorityAndEndsAtOnceWithoutABody() {
        server.channel.send(GET);

        RecordedExchange exchange = server.only();
        assertThat(exchange.head().authority()).isEqualTo("web.demo");
        assertThat(exchange.head().contentLength()).isZero();
        assertThat(exchange.events()).containsExactly("GET /a", "end []");
    }

    @Test
    void responseOfKnownLengthKeepsTheConnection() {
        server.channel.send(GET);

        server.only().answer(200, "hello");

        assertThat(server.channel.received())
                .isEqualTo(lines("HTTP/1.1 200 OK", "content-length: 5", "", "hello"));
        assertThat(server.channel.isOutputShutdown()).isFalse();
        server.channel.send(GET);
        assertThat(server.exchanges).hasSize(2);
    }

    @Test
    void headAloneIsWrittenWithinTheTurnWhenItsBodyDoesNotCome() {
        server.channel.send(GET);
        HttpHeaders headers = new DefaultHttpHeaders().set("content-length", 5);

        server.only().stream().head(new ResponseHead(HttpResponseStatus.OK, headers, 5));

        assertThat(server.channel.received())
                .isEqualTo(head("HTTP/1.1 200 OK", "content-length: 5"));
        server.only().data("hello");
        server.only().end();
        assertThat(server.channel.received()).isEqualTo("hello");
    }

    @Test
    void responseOfUnknownLengthIsChunkedWithTrailers() {
        server.channel.send(GET);
        RecordedExchange exchange = server.only();
        exchange.begin(200);
        exchange.data("abc");
        HttpHeaders trailers = new DefaultHttpHeaders().set("x-sum", "7");

        exchange.stream().end(trailers);

        assertThat(server.channel.received())
                .isEqualTo(
                        head(
                                "HTTP/1.1 200 OK",
                                "transfer-encoding: chunked",
                                "",
                                "3",
                                "abc",
                                "0",
                                "x-sum: 7"));
    }

    @Test
    void chunkedRequestArrivesInPiecesWithTrailersAndWithoutItsFraming() {
        server.channel.send(
                head(
                        "POST /p HTTP/1.1",
                        "Host: web",
                        "Transfer-Encoding: chunked",
                        "",
                        "3",
                        "abc",
                        "4;x=y",
                        "defg",
                        "0",
                        "X-Sum: 7"));

        RecordedExchange exchange = server.only();
        assertThat(exchange.head().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
        assertThat(exchange.head().headers().contains("transfer-encoding")).isFalse();
        assertThat(exchange.body()).isEqualTo("abcdefg");
        assertThat(exchange.trailers().get("x-sum")).isEqualTo("7");
    }

    @Test
    void hopByHopFieldsDoNotPass() {
        server.channel.send(
                head(
                        "GET / HTTP/1.1",
                        "Host: web",
                        "Connection: keep-alive, X-Secret",
                        "X-Secret: 1",
                        "Keep-Alive: timeout=5",
                        "Proxy-Connection: close",
                        "TE: gzip, trailers",
                        "Upgrade: websocket",
                        "X-Stays: 2"));

        HttpHeaders headers = server.only().head().headers();
        assertThat(headers.names()).containsExactlyInAnyOrder("Host", "te", "X-Stays");
        assertThat(headers.get("te")).isEqualTo("trailers");
    }

    @Test
    void connectionCannotNameAFieldThatFramesOrRoutes() {
        server.channel.send(
                lines(
                        "POST / HTTP/1.1",
                        "Host: web",
                        "Connection: host, content-length",
                        "Content-Length: 2",
                        "",
                        "ab"));

        assertThat(server.only().head().headers().get("host")).isEqualTo("web");
        assertThat(server.only().head().headers().get("content-length")).isEqualTo("2");
        assertThat(server.only().body()).isEqualTo("ab");
    }

    @Test
    void absoluteTargetReplacesTheHost() {
        server.channel.send(head("GET http://real.demo:81/x HTTP/1.1", "Host: other"));

        assertThat(server.only().head().authority()).isEqualTo("real.demo:81");
        assertThat(server.only().head().headers().get("host")).isEqualTo("real.demo:81");
    }

    @Test
    void pipelinedRequestsAreAnsweredInOrderAndReadOneByOne() {
        server.channel.send(GET + GET.replace("/a", "/b") + GET.replace("/a", "/c"));
        assertThat(server.exchanges).hasSize(1);
        assertThat(server.channel.config().isAutoRead()).isFalse();

        server.exchange(0).answer(200, "1");
        assertThat(server.exchanges).hasSize(2);
        server.exchange(1).answer(200, "2");
        server.exchange(2).answer(200, "3");

        assertThat(server.channel.received().replaceAll("(?s)HTTP.*?\r\n\r\n", ""))
                .isEqualTo("123");
        assertThat(server.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void pipelinedRequestsThatAreAnsweredAtOnceKeepTheirBodiesApart() {
        server.onRequest = exchange -> exchange.answer(200, exchange.head().target());

        server.channel.send(
                GET
                        + lines("POST /b HTTP/1.1", "Host: h", "Content-Length: 3", "", "xyz")
                        + GET.replace("/a", "/c"));

        assertThat(server.channel.received().replaceAll("(?s)HTTP.*?\r\n\r\n", ""))
                .isEqualTo("/a/b/c");
        assertThat(server.exchanges)
                .extracting(each -> each.head().target())
                .containsExactly("/a", "/b", "/c");
    }

    @Test
    void clientThatGoesResetsTheListener() {
        server.channel.send(GET);

        var _ = server.channel.close();
        server.channel.turn();

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
        server.only().answer(200, "late");
        assertThat(server.channel.received()).isEmpty();
    }

    @Test
    void clientThatGoesInItsBodyResetsTheListener() {
        server.channel.send(lines("POST / HTTP/1.1", "Host: w", "Content-Length: 9", "", "abc"));

        server.channel.peerFinishes();

        assertThat(server.only().events())
                .containsExactly("POST /", "data abc", "reset PEER_CLOSED");
    }

    @Test
    void lateCallsOfAFinishedExchangeDoNotReachItsSuccessor() {
        server.channel.send(GET);
        RecordedExchange first = server.only();
        first.answer(200, "1");
        server.channel.received();
        server.channel.send(GET);

        first.cut();
        first.data("late");
        first.stream().pauseReading();

        assertThat(server.channel.received()).isEmpty();
        assertThat(server.channel.config().isAutoRead()).isTrue();
        server.exchange(1).answer(200, "2");
        assertThat(server.channel.received()).endsWith("2");
    }

    @Test
    void pausedReadingStopsTheSocketUntilItIsResumed() {
        server.channel.send(lines("POST / HTTP/1.1", "Host: w", "Content-Length: 9", "", "abc"));

        server.only().stream().pauseReading();
        assertThat(server.channel.config().isAutoRead()).isFalse();
        server.only().stream().resumeReading();

        assertThat(server.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void fullSocketIsSeenAndItsReliefIsTold() {
        server.channel.send(GET);
        RecordedExchange exchange = server.only();
        exchange.begin(200);

        server.channel.inTurn(() -> {
            exchange.data("x".repeat(200_000));
            assertThat(exchange.stream().isWritable()).isFalse();
        });
        server.channel.received();

        assertThat(exchange.stream().isWritable()).isTrue();
        assertThat(exchange.writables()).isPositive();
    }

    @Test
    void trailersOfAnEmptyEndAreEmpty() {
        server.channel.send(lines("POST / HTTP/1.1", "Host: w", "Content-Length: 1", "", "x"));

        assertThat(server.only().trailers()).isEmpty();
        assertThat(server.only().isEnded()).isTrue();
    }
}
