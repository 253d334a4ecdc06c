package dev.ebb.proxy.http1;

import static dev.ebb.proxy.http1.ClientFixture.bytes;
import static dev.ebb.proxy.testing.Wire.head;
import static dev.ebb.proxy.testing.Wire.lines;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.NoLeaks;
import io.netty.handler.codec.http.DefaultHttpHeaders;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(NoLeaks.class)
class Http1ClientTest {

    private static final String OK = lines("HTTP/1.1 200 OK", "Content-Length: 2", "", "ok");

    private final ClientFixture client = new ClientFixture();

    @AfterEach
    void close() {
        client.close();
    }

    @Test
    void requestWithoutABodyIsWrittenAtOnceAndItsAnswerFreesTheConnection() {
        RecordedResponse response = client.get("/a");
        assertThat(client.channel.received()).isEqualTo(head("GET /a HTTP/1.1", "host: web"));
        assertThat(client.connection.isAvailable()).isFalse();

        client.channel.send(OK);

        assertThat(response.events).containsExactly("200", "data ok", "end []");
        assertThat(response.head().contentLength()).isEqualTo(2);
        assertThat(client.available).isEqualTo(1);
        assertThat(client.connection.isAvailable()).isTrue();
    }

    @Test
    void sizedBodyIsWrittenAsItIs() {
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.POST, "/p", 5));

        response.stream().data(bytes("hel"));
        response.stream().data(bytes("lo"));
        response.stream().end(EmptyHttpHeaders.INSTANCE);

        assertThat(client.channel.received())
                .isEqualTo(
                        lines("POST /p HTTP/1.1", "host: web", "content-length: 5", "", "hello"));
        client.channel.send(OK);
        assertThat(client.available).isEqualTo(1);
    }

    @Test
    void bodyOfUnknownLengthIsChunkedWithTrailers() {
        RecordedResponse response =
                client.open(ClientFixture.head(HttpMethod.POST, "/p", RequestHead.UNKNOWN_LENGTH));

        response.stream().data(bytes("abc"));
        response.stream().end(new DefaultHttpHeaders().set("x-sum", "7"));

        assertThat(client.channel.received())
                .isEqualTo(
                        head(
                                "POST /p HTTP/1.1",
                                "host: web",
                                "transfer-encoding: chunked",
                                "",
                                "3",
                                "abc",
                                "0",
                                "x-sum: 7"));
    }

    @Test
    void targetIsWrittenByteForByte() {
        client.get("/caf\u00e9?q=http://other");

        assertThat(client.channel.received())
                .startsWith("GET /caf\u00e9?q=http://other HTTP/1.1\r\n");
    }

    @Test
    void chunkedAnswerArrivesWithTrailersAndWithoutItsFraming() {
        RecordedResponse response = client.get("/");

        client.channel.send(
                head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked", "", "2", "ok", "0", "X: 1"));

        assertThat(response.events).containsExactly("200", "data ok", "end [X=1]");
        assertThat(response.head().contentLength()).isEqualTo(RequestHead.UNKNOWN_LENGTH);
        assertThat(response.head().headers().isEmpty()).isTrue();
        assertThat(client.available).isEqualTo(1);
    }

    @Test
    void answerUntilCloseEndsWithTheConnection() {
        RecordedResponse response = client.get("/");
        client.channel.send(head("HTTP/1.1 200 OK") + "all of it");

        client.channel.peerFinishes();

        assertThat(response.events).containsExactly("200", "data all of it", "end []");
        assertThat(client.available).isZero();
        assertThat(client.unavailable).isEqualTo(1);
    }

    @Test
    void answerUntilCloseThatFailsIsNotComplete() {
        RecordedResponse response = client.get("/");
        client.channel.send(head("HTTP/1.1 200 OK") + "a part");

        client.channel.pipeline().fireExceptionCaught(new IOException("Connection reset by peer"));
        client.channel.peerFinishes();

        assertThat(response.events).containsExactly("200", "data a part", "reset PEER_CLOSED");
    }

    @ParameterizedTest
    @CsvSource({"HEAD, 200", "GET, 204", "GET, 304"})
    void bodilessAnswersEndAtTheirHead(String method, int status) {
        RecordedResponse response =
                client.open(ClientFixture.head(HttpMethod.valueOf(method), "/", 0));

        client.channel.send(head("HTTP/1.1 " + status + " X", "Content-Length: 10"));

        assertThat(response.events).containsExactly(String.valueOf(status), "end []");
        assertThat(response.head().contentLength()).isZero();
        assertThat(client.available).isEqualTo(1);
    }

    @Test
    void interimAnswersPassBeforeTheFinalOne() {
        RecordedResponse response = client.get("/");

        client.channel.send(
                head("HTTP/1.1 100 Continue") + head("HTTP/1.1 103 Early Hints", "Link: x") + OK);

        assertThat(response.events).containsExactly("100", "103", "200", "data ok", "end []");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
                "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
            })
    void connectionThatTheServerEndsIsNotReused(String answer) {
        RecordedResponse response = client.get("/");

        client.channel.send(answer);

        assertThat(response.events).containsExactly("200", "data ok", "end []");
        assertThat(client.available).isZero();
        assertThat(client.unavailable).isEqualTo(1);
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void http10AnswerWithKeepAliveIsReused() {
        client.get("/");

        client.channel.send(
                lines("HTTP/1.0 200 OK", "Connection: keep-alive", "Content-Length: 2", "", "ok"));

        assertThat(client.available).isEqualTo(1);
    }

    // D8
    @Test
    void answerBeforeTheEndOfTheRequestArrivesAndUsesTheConnectionUp() {
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.POST, "/", 100));
        response.stream().data(bytes("abc"));

        client.channel.send(lines("HTTP/1.1 413 Too Large", "Content-Length: 2", "", "no"));

        assertThat(response.events).containsExactly("413", "data no", "end []");
        assertThat(client.available).isZero();
        assertThat(client.channel.isOpen()).isFalse();
        response.stream().data(bytes("late"));
    }

    @Test
    void failedWriteDoesNotLoseAnAnswerThatIsOnItsWay() {
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.POST, "/", 100));
        response.stream().data(bytes("abc"));
        client.channel.received();

        client.channel.pipeline().fireExceptionCaught(new IOException("Broken pipe"));
        client.channel.send(lines("HTTP/1.1 413 Too Large", "Content-Length: 2", "", "no"));

        assertThat(client.channel.config().isAutoClose()).isFalse();
        assertThat(response.events).containsExactly("413", "data no", "end []");
    }

    @Test
    void bytesBehindAnAnswerEndTheConnectionBeforeItIsReused() {
        RecordedResponse response = client.get("/");

        client.channel.send(OK + "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil");

        assertThat(response.events).containsExactly("200", "data ok", "end []");
        assertThat(client.available).isZero();
        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void bytesOnAnIdleConnectionEndIt() {
        client.get("/");
        client.channel.send(OK);

        client.channel.send("HTTP/1.1 408 Request Timeout\r\n\r\n");

        assertThat(client.connection.isAvailable()).isFalse();
        assertThat(client.unavailable).isEqualTo(1);
        assertThat(client.channel.isOpen()).isFalse();
    }

    // D1
    @Test
    void connectionThatIsFoundClosedHasSentNothing() {
        client.get("/");
        client.channel.send(OK);
        client.channel.peerFinishes();

        RecordedResponse response = client.get("/again");

        assertThat(response.events).containsExactly("reset NOT_SENT");
        assertThat(client.connection.isAvailable()).isFalse();
    }

    // D1
    @Test
    void connectionThatEndsInTheTurnOfItsRequestHasSentNothing() {
        RecordedResponse response = new RecordedResponse();

        client.channel.inTurn(() -> {
            client.connection.open(ClientFixture.head(HttpMethod.GET, "/", 0), response);
            var _ = client.channel.pipeline().close();
        });

        assertThat(response.events).containsExactly("reset NOT_SENT");
        assertThat(client.channel.received()).isEmpty();
    }

    // D1
    @Test
    void connectionThatEndsAfterTheRequestWasWrittenMayHaveDeliveredIt() {
        RecordedResponse response = client.get("/");
        client.channel.received();

        client.channel.peerFinishes();

        assertThat(response.events).containsExactly("reset PEER_CLOSED");
        assertThat(client.unavailable).isEqualTo(1);
    }

    // D6
    @Test
    void answerThatIsCutIsNotComplete() {
        RecordedResponse response = client.get("/");
        client.channel.send(head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "2\r\nok\r\n");

        client.channel.peerFinishes();

        assertThat(response.events).containsExactly("200", "data ok", "reset PEER_CLOSED");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "garbage\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n",
                "HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
                "HTTP/1.1 099 OK\r\nContent-Length: 2\r\n\r\n",
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
            })
    void answerThatBreaksTheProtocolEndsTheConnection(String answer) {
        RecordedResponse response = client.get("/");
        client.channel.received();

        client.channel.send(answer);

        assertThat(response.resetCause).isEqualTo(StreamReset.Cause.PROTOCOL);
        assertThat(response.head).isNull();
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.unavailable).isEqualTo(1);
    }

    @Test
    void badChunkCutsTheAnswer() {
        RecordedResponse response = client.get("/");
        client.channel.received();

        client.channel.send(
                head("HTTP/1.1 200 OK", "Transfer-Encoding: chunked") + "2\r\nok\r\nzz\r\n");

        assertThat(response.events).containsExactly("200", "data ok", "reset PROTOCOL");
    }

    @Test
    void requestThatIsGivenUpEndsTheConnectionSilently() {
        RecordedResponse response = client.get("/");

        response.stream().reset(new StreamReset(StreamReset.Cause.CANCELLED, "test"));

        assertThat(client.channel.isOpen()).isFalse();
        assertThat(response.events).isEmpty();
        assertThat(client.unavailable).isEqualTo(1);
    }

    @Test
    void busyConnectionThatIsClosedFinishesItsExchange() {
        RecordedResponse response = client.get("/");
        client.channel.received();

        client.connection.close();
        assertThat(client.channel.isOpen()).isTrue();
        client.channel.send(OK);

        assertThat(response.events).containsExactly("200", "data ok", "end []");
        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.available).isZero();
    }

    @Test
    void idleConnectionThatIsClosedGoesAtOnce() {
        client.connection.close();
        client.connection.close();

        assertThat(client.channel.isOpen()).isFalse();
        assertThat(client.unavailable).isEqualTo(1);
    }

    @Test
    void bodyShorterThanItsLengthCutsTheRequest() {
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.POST, "/", 5));
        response.stream().data(bytes("abc"));

        response.stream().end(EmptyHttpHeaders.INSTANCE);

        assertThat(client.channel.isOpen()).isFalse();
    }

    @Test
    void readingIsPausedAndTakesItselfUpAgainForTheNextRequest() {
        RecordedResponse response = client.get("/");

        response.stream().pauseReading();
        assertThat(client.channel.config().isAutoRead()).isFalse();
        client.channel.send(OK);

        assertThat(client.channel.config().isAutoRead()).isTrue();
    }

    @Test
    void fullSocketIsSeenAndItsReliefIsTold() {
        RecordedResponse response = client.open(ClientFixture.head(HttpMethod.POST, "/", 300_000));

        client.channel.inTurn(() -> {
            response.stream().data(bytes("x".repeat(200_000)));
            assertThat(response.stream().isWritable()).isFalse();
        });
        client.channel.received();

        assertThat(response.stream().isWritable()).isTrue();
        assertThat(response.writables).isPositive();
    }

    @Test
    void hopByHopFieldsOfAnAnswerDoNotPass() {
        RecordedResponse response = client.get("/");

        client.channel.send(
                head(
                        "HTTP/1.1 200 OK",
                        "Connection: X-Hop",
                        "X-Hop: 1",
                        "Keep-Alive: timeout=3",
                        "Content-Length: 0"));

        assertThat(response.head().headers().names()).containsExactly("Content-Length");
    }
}
