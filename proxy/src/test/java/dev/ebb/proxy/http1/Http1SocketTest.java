package dev.ebb.proxy.http1;

import static dev.ebb.proxy.testing.Wire.head;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proxy.stream.StreamReset;
import dev.ebb.proxy.testing.RecordedExchange;
import dev.ebb.proxy.testing.Until;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What only real sockets show: which packets end a connection, and what a peer can still read.
@Timeout(60)
class Http1SocketTest {

    private static final String GET = head("GET / HTTP/1.1", "Host: w");

    private SocketFixture net = new SocketFixture(SocketFixture.Kind.NIO);

    @AfterEach
    void close() {
        net.close();
    }

    // D8
    @ParameterizedTest
    @EnumSource
    void earlyAnswerIsReadInFullByAClientThatSendsOnAndOn(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        net.onRequest = exchange -> exchange.answer(413, "too large");
        try (Socket client = net.connect()) {
            write(client, head("POST / HTTP/1.1", "Host: w", "Content-Length: 4000000"));

            write(client, "x".repeat(4_000_000));
            client.shutdownOutput();

            assertThat(readAll(client)).startsWith("HTTP/1.1 413 ").endsWith("too large");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatEndsItsHalfBehindItsRequestIsServed(SocketFixture.Kind kind) throws Exception {
        use(kind);
        String body = "x".repeat(4_000_000);
        try (Socket client = net.connect()) {
            write(client, GET);
            client.shutdownOutput();
            assertThat(client.getInputStream().read()).isEqualTo('H');

            net.onLoop(() -> net.exchanges.getFirst().answer(200, body));

            assertThat(readAll(client)).startsWith("TTP/1.1 200 ").endsWith("\r\n\r\n" + body);
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatEndsItsHalfBehindSeveralRequestsIsServedThemAll(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        net.onRequest = exchange -> exchange.answer(200, "served");
        try (Socket client = net.connect()) {
            write(client, GET + GET + GET);
            client.shutdownOutput();

            assertThat(readAll(client).split("served", -1)).hasSize(4);
        }
    }

    /// Its FIN alone is the same as that of a client that waits.
    @ParameterizedTest
    @EnumSource
    void clientThatIsGoneIsNoticedBeforeItsResponse(SocketFixture.Kind kind) throws Exception {
        use(kind);
        try (Socket client = net.connect()) {
            write(client, GET);
            Until.holds(() -> "a request", () -> net.exchanges.size() == 1);
        }

        Until.holds(
                () -> "the client's end",
                () -> net.exchanges.getFirst().resetCause() == StreamReset.Cause.PEER_CLOSED);
    }

    // D2
    @ParameterizedTest
    @EnumSource
    void lastResponseIsReadInFullByAClientThatPauses(SocketFixture.Kind kind) throws Exception {
        use(kind);
        String body = "x".repeat(20_000_000);
        net.onRequest = exchange -> exchange.answer(200, body);
        try (Socket client = net.connect()) {
            write(client, head("GET / HTTP/1.1", "Host: w", "Connection: close"));
            long begun = System.nanoTime();
            assertThat(client.getInputStream().read()).isEqualTo('H');

            // Longer than a client that sends nothing is waited for behind a FIN.
            Until.holds(
                    () -> "the pause",
                    () -> System.nanoTime() - begun > TimeUnit.MILLISECONDS.toNanos(1_500));

            assertThat(readAll(client)).startsWith("TTP/1.1 200 ").endsWith("\r\n\r\n" + body);
        }
    }

    // D2
    @ParameterizedTest
    @EnumSource
    void responseIsReadInFullByAMeshedClientThatPausesBeforeTheDrainIsOver(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        String body = "x".repeat(20_000_000);
        net.onRequest =
                exchange -> {
                    exchange.stream().peerIsMeshed();
                    exchange.answer(200, body);
                };
        try (Socket client = net.connect()) {
            write(client, GET);
            assertThat(client.getInputStream().read()).isEqualTo('H');

            net.beginDrain();
            Thread exit = Thread.ofVirtual().start(this::closeWhenDrained);
            long begun = System.nanoTime();
            Until.holds(
                    () -> "the pause",
                    () ->
                            !exit.isAlive()
                                    || System.nanoTime() - begun
                                            > TimeUnit.MILLISECONDS.toNanos(500));

            assertThat(readAll(client)).startsWith("TTP/1.1 200 ").endsWith("\r\n\r\n" + body);
            exit.join();
        }
    }

    // D6
    @ParameterizedTest
    @EnumSource
    void lastResponseThatTheGraceCutsIsSeenAsReset(SocketFixture.Kind kind) throws Exception {
        use(kind);
        net.onRequest = exchange -> exchange.answer(200, "x".repeat(20_000_000));
        try (Socket client = net.connect()) {
            write(client, head("GET / HTTP/1.0"));
            assertThat(client.getInputStream().read()).isEqualTo('H');

            net.cut();

            assertThatThrownBy(() -> readAll(client))
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    // D2
    @ParameterizedTest
    @EnumSource
    void refusalIsReadInFullThoughUnreadBytesFollowTheRequest(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        try (Socket client = net.connect()) {
            write(client, head("BAD") + "x".repeat(500_000));
            client.shutdownOutput();

            assertThat(readAll(client)).startsWith("HTTP/1.1 400 ").contains("bad-request-line");
        }
    }

    // D1
    @ParameterizedTest
    @EnumSource
    void requestInTheInstantOfTheDrainIsAnsweredOrNeverSeen(SocketFixture.Kind kind)
            throws Exception {
        for (int step = -10; step <= 10; step++) {
            use(kind);
            net.onRequest = exchange -> exchange.answer(200, "served");
            try (Socket client = net.connect()) {
                write(client, GET);
                readResponse(client, "served");
                int before = net.exchanges.size();
                long offset = TimeUnit.MICROSECONDS.toNanos(step * 500L);

                long start = System.nanoTime();
                Thread drain = Thread.ofVirtual().start(() -> at(start, -offset, net::beginDrain));
                at(start, offset, () -> write(client, GET));
                String answer = readAllUntilClosed(client);
                drain.join();

                boolean seen = net.exchanges.size() > before;
                assertThat(answer.endsWith("served")).as("offset %d ns", offset).isEqualTo(seen);
                if (!seen) {
                    assertThat(answer).isEmpty();
                }
            }
        }
    }

    // D2
    @ParameterizedTest
    @EnumSource
    void idleConnectionSeesFinAndNoResetWhenItSendsBehindIt(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        net.onRequest = exchange -> exchange.answer(200, "served");
        try (Socket client = net.connect()) {
            write(client, GET);
            readResponse(client, "served");
            net.beginDrain();
            assertThat(client.getInputStream().read()).isEqualTo(-1);

            write(client, GET);
            client.shutdownOutput();

            assertThat(client.getInputStream().read()).isEqualTo(-1);
            Until.holds(() -> "drained", net::isDrained);
        }
    }

    // D6
    @ParameterizedTest
    @EnumSource
    void bodyUntilCloseThatIsCutIsSeenAsReset(SocketFixture.Kind kind) throws Exception {
        use(kind);
        net.onRequest =
                exchange -> {
                    exchange.begin(200);
                    exchange.data("part");
                };
        try (Socket client = net.connect()) {
            write(client, head("GET / HTTP/1.0"));
            readResponse(client, "part");

            net.onLoop(() -> net.exchanges.getFirst().cut());

            assertThatThrownBy(() -> client.getInputStream().read())
                    .isInstanceOf(SocketException.class)
                    .hasMessageContaining("reset");
        }
    }

    @ParameterizedTest
    @EnumSource
    void clientThatIsGoneResetsItsRequest(SocketFixture.Kind kind) throws Exception {
        use(kind);
        try (Socket client = net.connect()) {
            write(client, GET);
            Until.holds(() -> "request", () -> !net.exchanges.isEmpty());
        }

        RecordedExchange exchange = net.exchanges.getFirst();
        Until.holds(() -> "reset", () -> exchange.resetCause() != null);
        assertThat(exchange.resetCause()).isEqualTo(StreamReset.Cause.PEER_CLOSED);
    }

    // D8, upstream
    @ParameterizedTest
    @EnumSource
    void earlyAnswerOfAServerThatThenResetsIsStillRead(SocketFixture.Kind kind) throws Exception {
        use(kind);
        try (ServerSocket origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordedResponse response = net.post(origin.getLocalPort(), 50_000_000);
            try (Socket accepted = origin.accept()) {
                accepted.getInputStream().readNBytes(20);
                write(accepted, head("HTTP/1.1 413 Too Large", "Content-Length: 2") + "no");
                // Closing with unread data makes the kernel reset the connection.
            }

            net.sendUntilEnded(response);

            assertThat(response.events).containsExactly("413", "data no", "end []");
        }
    }

    // D1, upstream
    @ParameterizedTest
    @EnumSource
    void pooledConnectionThatTheServerFinishedIsNotUsedAgain(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        try (ServerSocket origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordedResponse first = net.get(origin.getLocalPort());
            try (Socket accepted = origin.accept()) {
                accepted.getInputStream().readNBytes(20);
                write(accepted, head("HTTP/1.1 200 OK", "Content-Length: 0"));
                Until.holds(() -> "answer", () -> first.events.contains("end []"));

                accepted.shutdownOutput();

                Until.holds(() -> "end", () -> net.unavailable.get() == 1);
            }
            assertThat(net.getAgain().events).containsExactly("reset NOT_SENT");
        }
    }

    // D6, upstream
    @ParameterizedTest
    @EnumSource
    void answerThatTheServerCutsWithAFinIsNotComplete(SocketFixture.Kind kind) throws Exception {
        use(kind);
        try (ServerSocket origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordedResponse response = net.get(origin.getLocalPort());
            try (Socket accepted = origin.accept()) {
                accepted.getInputStream().readNBytes(20);
                write(accepted, head("HTTP/1.1 200 OK", "Content-Length: 9") + "part");

                accepted.shutdownOutput();

                Until.holds(() -> "reset", () -> response.resetCause != null);
            }
            assertThat(response.events).containsExactly("200", "data part", "reset PEER_CLOSED");
        }
    }

    // D1, D2, upstream
    @ParameterizedTest
    @EnumSource
    void pooledConnectionThatWasResetWhileIdleHasSentNothing(SocketFixture.Kind kind)
            throws Exception {
        use(kind);
        try (ServerSocket origin = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            RecordedResponse first = net.get(origin.getLocalPort());
            try (Socket accepted = origin.accept()) {
                accepted.getInputStream().readNBytes(20);
                write(accepted, head("HTTP/1.1 200 OK", "Content-Length: 0"));
                Until.holds(() -> "answer", () -> first.events.contains("end []"));
                accepted.setSoLinger(true, 0);
            }
            Until.holds(() -> "end", () -> net.unavailable.get() == 1);

            RecordedResponse second = net.getAgain();

            assertThat(second.events).containsExactly("reset NOT_SENT");
        }
    }

    private void use(SocketFixture.Kind kind) {
        net.close();
        net = new SocketFixture(kind);
    }

    private void closeWhenDrained() {
        Until.holds(() -> "drained", net::isDrained);
        net.close();
    }

    private static void at(long start, long offset, Runnable action) {
        long due = start + TimeUnit.MILLISECONDS.toNanos(6) + offset;
        while (System.nanoTime() < due) {
            Thread.onSpinWait();
        }
        action.run();
    }

    private static void write(Socket socket, String text) {
        try {
            socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        } catch (IOException e) {
            throw new AssertionError("write: " + e + " (expected: taken by the kernel)", e);
        }
    }

    private static void readResponse(Socket client, String end) throws IOException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        while (!read.toString(StandardCharsets.ISO_8859_1).endsWith(end)) {
            read.write(client.getInputStream().read());
        }
    }

    private static String readAll(Socket client) throws IOException {
        return new String(client.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1);
    }

    /// A request that meets a closed socket may be answered by a reset; then nothing was read.
    private static String readAllUntilClosed(Socket client) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try {
            InputStream in = client.getInputStream();
            int next = in.read();
            while (next >= 0) {
                all.write(next);
                next = in.read();
            }
        } catch (IOException _) {
            assertThat(all.size()).isZero();
        }
        return all.toString(StandardCharsets.ISO_8859_1);
    }
}
