package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static dev.ebb.proxy.testing.Wire.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.ResponseHead;
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

/// How responses end, on time, early or never, and what becomes of the connection.
@ExtendWith(NoLeaks.class)
class Http1ServerEndsTest {

    private static final String GET = head("GET /a HTTP/1.1", "Host: web.demo");

    private final ServerFixture server = new ServerFixture();

    @AfterEach
    void close() {
        server.close();
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
    void handlerThatFailsEndsItsConnectionOnly() {
        server.onRequest =
                _ -> {
                    throw new IllegalStateException("test");
                };

        server.channel.send(head("GET / HTTP/1.1", "Host: w"));

        assertThat(server.channel.isOpen()).isFalse();
        assertThat(server.channel.received()).isEmpty();
    }

    @Test
    void lingeringEndsWhenThePeerSendsOnWithoutMeasure() {
        server.channel.send(head("POST / HTTP/1.1", "Host: w", "Content-Length: 99000000"));
        server.only().answer(413, "");
        server.channel.received();

        for (int sent = 0; sent <= 16; sent++) {
            server.channel.send("x".repeat(1 << 20));
        }

        assertThat(server.channel.isOpen()).isFalse();
    }
}
