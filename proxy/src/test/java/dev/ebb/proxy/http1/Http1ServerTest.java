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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

    // D7
    @ParameterizedTest
    @CsvSource({
        "HEAD, 200, 10",
        "GET, 304, 10",
        "GET, 204, ",
    })
    void bodilessResponsesHaveNoBodyAndKeepTheConnection(
            String method, int status, Integer length) {
        server.channel.send(method + head(" / HTTP/1.1", "Host: web"));
        HttpHeaders headers = new DefaultHttpHeaders().set("content-length", 10);
        RecordedExchange exchange = server.only();

        exchange.stream().head(new ResponseHead(HttpResponseStatus.valueOf(status), headers, 0));
        exchange.data("never");
        exchange.end();

        String received = server.channel.received();
        assertThat(received).endsWith("\r\n\r\n").doesNotContain("never");
        assertThat(received.contains("content-length: 10")).isEqualTo(length != null);
        server.channel.send(GET);
        assertThat(server.exchanges).hasSize(2);
    }

    // D7
    @Test
    void connectionCloseOfTheClientIsHonoured() {
        server.channel.send(head("GET / HTTP/1.1", "Host: web", "Connection: close"));

        server.only().answer(200, "x");

        assertThat(server.channel.received()).contains("connection: close\r\n").endsWith("x");
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isOpen()).isTrue();
    }

    // D7
    @Test
    void http10WithoutKeepAliveIsClosedAndNeverChunked() {
        server.channel.send(head("GET / HTTP/1.0"));
        RecordedExchange exchange = server.only();

        exchange.begin(200);
        exchange.data("abc");
        exchange.end();

        assertThat(server.channel.received())
                .isEqualTo(lines("HTTP/1.1 200 OK", "connection: close", "", "abc"));
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
    }

    // D7
    @Test
    void http10WithKeepAliveStaysOpenWhenTheLengthIsKnown() {
        server.channel.send(head("GET / HTTP/1.0", "Connection: Keep-Alive"));

        server.only().answer(200, "abc");

        assertThat(server.channel.received()).contains("connection: keep-alive\r\n");
        server.channel.send(head("GET / HTTP/1.0"));
        assertThat(server.exchanges).hasSize(2);
    }

    @Test
    void bodyUntilCloseThatIsCutIsReset() {
        server.channel.send(head("GET / HTTP/1.0"));
        server.only().begin(200);
        server.only().data("abc");
        server.channel.turn();

        server.only().cut();

        assertThat(server.channel.isReset()).isTrue();
    }

    // D6
    @Test
    void chunkedBodyThatIsCutHasNoLastChunkAndIsNotReset() {
        server.channel.send(GET);
        server.only().begin(200);
        server.only().data("abc");

        server.only().cut();

        assertThat(server.channel.received()).endsWith(lines("3", "abc", ""));
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
    }

    @Test
    void bodyShorterThanItsLengthIsCutNotCompleted() {
        server.channel.send(GET);
        HttpHeaders headers = new DefaultHttpHeaders().set("content-length", 5);
        server.only().stream().head(new ResponseHead(HttpResponseStatus.OK, headers, 5));
        server.only().data("abc");

        server.only().end();

        assertThat(server.channel.received()).endsWith("abc");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void bodyLongerThanItsLengthDoesNotReachTheClient() {
        server.channel.send(GET);
        HttpHeaders headers = new DefaultHttpHeaders().set("content-length", 2);
        server.only().stream().head(new ResponseHead(HttpResponseStatus.OK, headers, 2));

        server.only().data("abcHTTP/1.1 200 OK");

        assertThat(server.channel.received()).endsWith("\r\n\r\n");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    // D4
    @Test
    void continueIsRelayedAndNotMadeByUs() {
        server.channel.send(
                head("POST / HTTP/1.1", "Host: w", "Content-Length: 3", "Expect: 100-continue"));
        assertThat(server.channel.received()).isEmpty();

        server.only().stream()
                .informational(
                        new ResponseHead(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders(), 0));
        assertThat(server.channel.received()).isEqualTo(head("HTTP/1.1 100 Continue"));
        server.channel.send("abc");
        server.only().answer(200, "");

        assertThat(server.only().body()).isEqualTo("abc");
        assertThat(server.channel.received()).startsWith("HTTP/1.1 200 OK");
        assertThat(server.channel.isOutputShutdown()).isFalse();
    }

    // D4
    @Test
    void finalAnswerInsteadOfContinueEndsTheConnection() {
        server.channel.send(
                head("POST / HTTP/1.1", "Host: w", "Content-Length: 3", "Expect: 100-continue"));

        server.only().answer(417, "no");

        assertThat(server.channel.received()).contains("connection: close").endsWith("no");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void interimResponsesAndExpectationsDoNotConcernHttp10() {
        server.channel.send(
                lines("POST / HTTP/1.0", "Content-Length: 1", "Expect: 100-continue", "", "x"));

        server.only().stream()
                .informational(
                        new ResponseHead(HttpResponseStatus.CONTINUE, new DefaultHttpHeaders(), 0));

        assertThat(server.channel.received()).isEmpty();
        assertThat(server.only().head().headers().contains("expect")).isFalse();
    }

    // D8
    @Test
    void earlyAnswerToALargeBodyIsDeliveredAndTheRestDiscarded() {
        server.channel.send(
                lines("POST / HTTP/1.1", "Host: w", "Content-Length: 1000000", "", "abc"));

        server.only().answer(413, "too large");
        assertThat(server.channel.received()).contains("connection: close").endsWith("too large");
        server.channel.send("x".repeat(100_000));

        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isOpen()).isTrue();
        assertThat(server.only().body()).isEqualTo("abc");
        server.channel.peerFinishes();
        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.isReset()).isFalse();
    }

    // D8
    @Test
    void earlyAnswerToASmallBodyKeepsTheConnection() {
        server.channel.send(lines("POST / HTTP/1.1", "Host: w", "Content-Length: 6", "", "abc"));

        server.only().answer(401, "no");
        server.channel.send("def" + GET);

        assertThat(server.channel.received()).doesNotContain("close");
        assertThat(server.exchanges).hasSize(2);
        assertThat(server.exchange(0).events()).containsExactly("POST /", "data abc");
    }

    // D8
    @Test
    void lingeringEndsAfterASecondOfSilence() {
        server.channel.send(head("POST / HTTP/1.1", "Host: w", "Content-Length: 1000000"));
        server.only().answer(413, "");
        server.channel.received();

        server.channel.pass(900);
        server.channel.send("more");
        server.channel.pass(900);
        assertThat(server.channel.isOpen()).isTrue();
        server.channel.pass(400);

        assertThat(server.channel.isOpen()).isFalse();
    }

    @Test
    void clientThatGoesResetsTheListener() {
        server.channel.send(GET);

        server.channel.peerFinishes();

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
