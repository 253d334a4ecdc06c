package dev.ebb.cli.demo.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.Payload;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// What the raw client must call lost, and that it never sends again by itself.
class RawClientTest {
    private static final Request GET =
            new Request("id-1", Request.Method.GET, Request.Framing.LENGTH, 0, 10, 0);
    private static final Request POST =
            new Request("id-2", Request.Method.POST, Request.Framing.CHUNKED, 5000, 11, 0);

    private final RawClient client = new RawClient("web.demo", Duration.ofSeconds(5));

    @Test
    void aCompleteCorrectAnswerIsAnswered() throws IOException {
        try (ScriptedServer server = new ScriptedServer(RawClientTest::correct)) {
            Outcome outcome = client.send(Route.through(server.address()), POST);

            assertThat(outcome).isEqualTo(new Outcome.Answered("web-1"));
            assertThat(server.requests()).hasSize(1);
        }
    }

    @Test
    void aConnectionIsUsedAgain() throws IOException {
        try (ScriptedServer server = new ScriptedServer(RawClientTest::correct)) {
            client.send(Route.through(server.address()), GET);
            Outcome second = client.send(Route.through(server.address()), POST);

            assertThat(second).isInstanceOf(Outcome.Answered.class);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aClientThatKeepsNothingAliveConnectsForEachRequest() throws IOException {
        try (ScriptedServer server = new ScriptedServer(RawClientTest::correct);
                RawClient perRequest =
                        new RawClient("web.demo", Duration.ofSeconds(5), RawClient.Reuse.NEVER)) {
            perRequest.send(Route.through(server.address()), GET);
            Outcome second = perRequest.send(Route.through(server.address()), POST);

            assertThat(second).isInstanceOf(Outcome.Answered.class);
            assertThat(server.connections()).isEqualTo(2);
        }
    }

    @Test
    void aConnectionThatWasClosedMeanwhileIsNotUsedAgain() throws Exception {
        CountDownLatch closed = new CountDownLatch(1);
        try (ScriptedServer server =
                new ScriptedServer((head, body, out) -> {
                    correct(head, body, out);
                    closed.countDown();
                    return false;
                })) {
            client.send(Route.through(server.address()), GET);
            closed.await();
            Outcome second = client.send(Route.through(server.address()), GET);

            assertThat(server.requests()).hasSizeLessThanOrEqualTo(2);
            assertThat(second)
                    .as("answered on a new connection, or lost: but sent once only")
                    .matches(outcome ->
                            outcome instanceof Outcome.Lost || server.connections() == 2);
        }
    }

    @Test
    void aRequestThatIsReadButNotAnsweredIsLostAndNotSentAgain() throws IOException {
        try (ScriptedServer server = new ScriptedServer((_, _, _) -> false)) {
            Outcome outcome = client.send(Route.through(server.address()), GET);

            assertThat(outcome).isInstanceOf(Outcome.Lost.class);
            assertThat(server.requests()).hasSize(1);
            assertThat(server.connections()).isEqualTo(1);
        }
    }

    @Test
    void aRefusedConnectionIsLost() throws IOException {
        ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        InetSocketAddress nobody = (InetSocketAddress) socket.getLocalSocketAddress();
        socket.close();

        Outcome outcome = client.send(Route.through(nobody), GET);

        assertThat(outcome).isInstanceOf(Outcome.Lost.class);
    }

    @Test
    void anErrorIsLostAndTheProxysReasonIsKept() throws IOException {
        assertLost(
                "HTTP/1.1 503 Service Unavailable (refused)",
                answer ->
                        "HTTP/1.1 503 Service Unavailable\r\nebb-proxy-error: refused\r\nContent-Length: 0\r\n\r\n");
    }

    @Test
    void aCutAnswerIsLost() throws IOException {
        assertLost("cut after", answer -> answer.substring(0, answer.length() - 3));
    }

    @Test
    void theAnswerOfAnotherRequestIsLost() throws IOException {
        assertLost(
                "the answer of another request",
                answer -> answer.replace(Payload.ID + ": id-1", Payload.ID + ": id-7"));
    }

    @Test
    void aWrongBodyIsLost() throws IOException {
        assertLost("wrong body", answer -> answer.substring(0, answer.length() - 3) + "xyz");
    }

    @Test
    void anAnswerThatOnlyTheEndOfTheConnectionEndsIsLost() throws IOException {
        assertLost(
                "answer without an end",
                answer -> answer.replaceFirst("Content-Length: \\d+\r\n", ""));
    }

    private void assertLost(String reason, UnaryOperator<String> damage) throws IOException {
        try (ScriptedServer server =
                new ScriptedServer((head, body, out) -> {
                    String answer = new String(correctAnswer(head, body), US_ASCII);
                    out.write(damage.apply(answer).getBytes(US_ASCII));
                    return false;
                })) {
            Outcome outcome = client.send(Route.through(server.address()), GET);

            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            Outcome.Lost.class, lost -> assertThat(lost.reason()).contains(reason));
            assertThat(server.requests()).hasSize(1);
        }
    }

    private static boolean correct(Head head, byte[] body, OutputStream out) throws IOException {
        out.write(correctAnswer(head, body));
        return true;
    }

    private static byte[] correctAnswer(Head head, byte[] body) {
        String id = head.first(Payload.ID).orElseThrow();
        int size = Integer.parseInt(head.first(Payload.SIZE).orElseThrow());
        String method = head.startLine().substring(0, head.startLine().indexOf(' '));
        byte[] answer = Payload.answer(id, method, body, size);
        String start =
                "HTTP/1.1 200 OK\r\n%s: %s\r\n%s: web-1\r\nContent-Length: %d\r\n\r\n"
                        .formatted(Payload.ID, id, Payload.ORIGIN, answer.length);
        byte[] bytes = Arrays.copyOf(start.getBytes(US_ASCII), start.length() + answer.length);
        System.arraycopy(answer, 0, bytes, start.length(), answer.length);
        return bytes;
    }
}
