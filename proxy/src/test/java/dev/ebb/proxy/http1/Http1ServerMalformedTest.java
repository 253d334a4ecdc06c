package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// What is refused, with which status and reason, and that nothing of it is passed on.
@ExtendWith(NoLeaks.class)
class Http1ServerMalformedTest {

    private static final String POST = "POST / HTTP/1.1";
    private static final String HOST = "Host: w";

    private final ServerFixture server = new ServerFixture();

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @MethodSource("malformed")
    void malformedRequestIsRefusedAndTheConnectionEnds(int status, String reason, String request) {
        server.channel.send(request);

        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 " + status + " ")
                .contains("connection: close\r\n")
                .contains("ebb-proxy-error: " + reason + "\r\n")
                .endsWith("\r\n\r\n");
        assertThat(server.rejected).containsExactly(reason);
        assertThat(server.exchanges).isEmpty();
        assertThat(server.channel.isOutputShutdown()).isTrue();
        assertThat(server.channel.isReset()).isFalse();
        server.channel.send(head("GET / HTTP/1.1", HOST));
        assertThat(server.exchanges).isEmpty();
    }

    static Arguments[] malformed() {
        return new Arguments[] {
            refused(400, "bad-request-line", "GARBAGE", HOST),
            refused(400, "bad-request-line", "GET / HTTP/1.x", HOST),
            refused(400, "bad-request-line", "GET / HTTPS/1.1", HOST),
            refused(400, "bad-request-line", "GET / a HTTP/1.1", HOST),
            refused(400, "bad-request-line", "G\u0000T / HTTP/1.1", HOST),
            refused(400, "bad-request-line", "GET /", HOST),
            refused(400, "bad-request-line", "GET\t/ HTTP/1.1", HOST),
            refused(400, "bad-request-line", "GET /\tHTTP/1.1", HOST),
            refused(400, "bad-request-line", "GET\u000b/ HTTP/1.1", HOST),
            refused(505, "http-version-not-supported", "GET / HTTP/2.0", HOST),
            refused(505, "http-version-not-supported", "GET / HTTP/1.2", HOST),
            refused(400, "bad-request-target", "GET /\u0000 HTTP/1.1", HOST),
            refused(400, "bad-request-target", "GET /\u007f HTTP/1.1", HOST),
            refused(400, "bad-request-target", "GET noslash HTTP/1.1", HOST),
            refused(400, "bad-request-target", "GET * HTTP/1.1", HOST),
            refused(400, "bad-request-target", "GET http:///x HTTP/1.1", HOST),
            refused(400, "bad-request-target", "GET http://a@b/ HTTP/1.1", HOST),
            refused(400, "bad-request-target", "CONNECT noport HTTP/1.1", HOST),
            refused(414, "request-line-too-long", "GET /" + "x".repeat(9000) + " HTTP/1.1", HOST),
            refused(431, "request-headers-too-large", POST, HOST, "X: " + "x".repeat(66_000)),
            refused(400, "bad-host", "GET / HTTP/1.1", "X: y"),
            refused(400, "bad-host", "GET / HTTP/1.1", HOST, HOST),
            refused(400, "bad-host", "GET / HTTP/1.1", "Host: a/b"),
            refused(400, "bad-host", "GET / HTTP/1.1", "Host: user@w"),
            refused(400, "bad-host", "GET / HTTP/1.1", "Host: a, b"),
            refused(400, "bad-header", POST, HOST, "No colon"),
            refused(400, "bad-header", POST, HOST, "Content-Length : 5"),
            refused(400, "bad-header", POST, HOST, "X: a\u0000b"),
            refused(400, "bad-header", POST, HOST, "X: a\rb"),
            refused(400, "bad-header", POST, HOST, "X\u000by: a"),
            refused(400, "bad-header", POST, HOST, "X: a\nTransfer-Encoding: chunked"),
            refused(400, "bad-header", "GET / HTTP/1.1", HOST, "Sec-WebSocket-Key1: 1"),
            refused(
                    400,
                    "bad-content-length",
                    POST,
                    HOST,
                    "Content-Length: 1",
                    "Content-Length: 2"),
            refused(
                    400,
                    "bad-content-length",
                    POST,
                    HOST,
                    "Content-Length: 1",
                    "Content-Length: 1"),
            refused(400, "bad-content-length", POST, HOST, "Content-Length: 1, 1"),
            refused(400, "bad-content-length", POST, HOST, "Content-Length: +5"),
            refused(400, "bad-content-length", POST, HOST, "Content-Length: -5"),
            refused(400, "bad-content-length", POST, HOST, "Content-Length: 0x5"),
            refused(400, "bad-content-length", POST, HOST, "Content-Length: 99999999999999999999"),
            refused(400, "bad-content-length", "CONNECT a:1 HTTP/1.1", HOST, "Content-Length: 5"),
            refused(
                    400,
                    "both-content-length-and-transfer-encoding",
                    POST,
                    HOST,
                    "Content-Length: 5",
                    "Transfer-Encoding: chunked"),
            refused(
                    400,
                    "both-content-length-and-transfer-encoding",
                    POST,
                    HOST,
                    "Transfer-Encoding: identity",
                    "Content-Length: 5"),
            refused(501, "unknown-transfer-coding", POST, HOST, "Transfer-Encoding: gzip"),
            refused(501, "unknown-transfer-coding", POST, HOST, "Transfer-Encoding: gzip, chunked"),
            refused(501, "unknown-transfer-coding", POST, HOST, "Transfer-Encoding: xchunked"),
            refused(501, "unknown-transfer-coding", POST, HOST, "Transfer-Encoding: chunked, gzip"),
            refused(501, "unknown-transfer-coding", POST, HOST, "Transfer-Encoding: \"chunked\""),
            refused(
                    400,
                    "bad-transfer-encoding",
                    POST,
                    HOST,
                    "Transfer-Encoding: chunked",
                    "Transfer-Encoding: chunked"),
            refused(
                    400,
                    "bad-transfer-encoding",
                    "POST / HTTP/1.0",
                    HOST,
                    "Transfer-Encoding: chunked"),
        };
    }

    @ParameterizedTest
    @MethodSource("badChunks")
    void badChunkResetsTheListenerAndIsAnswered(String chunk) {
        server.channel.send(head(POST, HOST, "Transfer-Encoding: chunked") + "2\r\nab\r\n");

        server.channel.send(chunk);

        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PROTOCOL);
        assertThat(server.only().body()).startsWith("ab");
        assertThat(server.only().isEnded()).isFalse();
        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 400 ")
                .contains("ebb-proxy-error: bad-chunk\r\n");
        assertThat(server.rejected).containsExactly("bad-chunk");
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    static String[] badChunks() {
        return new String[] {
            "zz\r\n",
            "-1\r\n",
            "0x1\r\n",
            "\r\n",
            "fffffffff\r\n",
            "1;a\nb\r\nx\r\n",
            "1\nx\r\n",
            "1\r\nxy\r\n",
            "0\r\nNo colon\r\n\r\n",
        };
    }

    @Test
    void badChunkBehindAResponseThatHasBegunCutsIt() {
        server.channel.send(head(POST, HOST, "Transfer-Encoding: chunked"));
        server.only().begin(200);
        server.only().data("abc");

        server.channel.send("zz\r\n");

        assertThat(server.channel.received()).endsWith("3\r\nabc\r\n");
        assertThat(server.only().resetCause()).isEqualTo(StreamReset.Cause.PROTOCOL);
        assertThat(server.channel.isOutputShutdown()).isTrue();
    }

    @Test
    void requestBehindAMalformedOneIsNotRead() {
        server.channel.send(
                head("GET /good HTTP/1.1", HOST) + head("BAD") + head("GET /never HTTP/1.1", HOST));

        server.only().answer(200, "1");

        assertThat(server.exchanges).hasSize(1);
        assertThat(server.channel.received())
                .startsWith("HTTP/1.1 200 OK")
                .contains("HTTP/1.1 400 Bad Request");
    }

    @Test
    void refusalTellsWhatCouldBeRead() {
        server.channel.send(head("PUT /a HTTP/1.1", "Host: w", "No colon"));

        assertThat(server.refused)
                .singleElement()
                .returns("PUT", RefusedRequest::method)
                .returns("w", RefusedRequest::authority)
                .returns("/a", RefusedRequest::target)
                .returns(400, RefusedRequest::status)
                .returns(false, RefusedRequest::begun);
    }

    @Test
    void refusalOfABodyTellsItsHandlerTheStatusToo() {
        server.channel.send(head(POST, HOST, "Transfer-Encoding: chunked") + "nonsense\r\n");

        assertThat(server.refused).singleElement().returns(true, RefusedRequest::begun);
        assertThat(server.only().resetAnswer()).isEqualTo(400);
    }

    @Test
    void moreFieldsThanOthersTakeAreTooLarge() {
        server.channel.send("GET / HTTP/1.1\r\nHost: w\r\n" + "a:b\r\n".repeat(256) + "\r\n");

        assertThat(server.channel.received()).startsWith("HTTP/1.1 431 ");
    }

    // D28
    @Test
    void headThatDoesNotEndInTimeIsAnswered408() {
        ServerFixture slow =
                new ServerFixture(
                        new Http1Limits(8192, 8192, Duration.ofSeconds(2), Duration.ofSeconds(60)));
        for (int i = 0; i < 19; i++) {
            slow.channel.send(i == 0 ? "GET / HTTP/1.1\r\n" : "X-" + i + ": 1\r\n");
            slow.channel.pass(100);
        }
        assertThat(slow.channel.received()).isEmpty();

        slow.channel.pass(200);

        assertThat(slow.channel.received())
                .startsWith("HTTP/1.1 408 ")
                .contains("ebb-proxy-error: request-head-timeout");
        slow.close();
    }

    @Test
    void slowBodyHasNoTimeLimit() {
        server.channel.send(head(POST, HOST, "Content-Length: 3"));

        for (int i = 0; i < 3; i++) {
            server.channel.pass(20_000);
            server.channel.send("x");
        }

        assertThat(server.only().isEnded()).isTrue();
        assertThat(server.rejected).isEmpty();
    }

    @Test
    void idleConnectionIsClosedAfterItsTime() {
        ServerFixture idle =
                new ServerFixture(
                        new Http1Limits(8192, 8192, Duration.ofSeconds(2), Duration.ofSeconds(5)));
        idle.channel.send(head("GET / HTTP/1.1", HOST));
        idle.channel.pass(8_000);
        idle.only().answer(200, "");
        idle.channel.pass(4_900);
        assertThat(idle.channel.isOutputShutdown()).isFalse();

        idle.channel.pass(200);

        assertThat(idle.channel.isOutputShutdown()).isTrue();
        idle.close();
    }

    private static Arguments refused(int status, String reason, String... lines) {
        return Arguments.of(status, reason, head(lines));
    }
}
