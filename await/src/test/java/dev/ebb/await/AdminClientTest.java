package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AdminClientTest {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration ENOUGH_TO_ANSWER = Duration.ofSeconds(2);
    private static final Duration SHORT = Duration.ofMillis(100);

    @Test
    void statusAndBodyAreRead() throws IOException {
        AdminClient.Answer answer =
                ask("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n", LIMIT, Then.CLOSE);

        assertThat(answer).isEqualTo(new AdminClient.Answer(200, "ok"));
    }

    @Test
    void aServerThatDoesNotCloseHasAnsweredNevertheless() throws IOException {
        AdminClient.Answer answer = ask("HTTP/1.1 503 No\r\n\r\nnot", ENOUGH_TO_ANSWER, Then.HANG);

        assertThat(answer).isEqualTo(new AdminClient.Answer(503, "not"));
        assertThat(answer.isSuccess()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 2", "HTTP/1.1 abc\r\n\r\n", "SSH-2.0-OpenSSH_9\r\n"})
    void whatIsNotHttpIsNoAnswer(String text) {
        assertThatThrownBy(() -> ask(text, LIMIT, Then.CLOSE)).isInstanceOf(IOException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "HTTP/1.1 200 OK\r\n"})
    void aServerThatFallsSilentIsLeftAfterTheLimit(String text) {
        assertThatThrownBy(() -> ask(text, SHORT, Then.HANG))
                .isInstanceOf(IOException.class)
                .hasMessage("no answer in time");
    }

    @Test
    void anAnswerWithoutEndIsCutOff() throws IOException {
        AdminClient.Answer answer =
                ask("HTTP/1.1 200 OK\r\n\r\n" + "x".repeat(100_000), LIMIT, Then.HANG);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.body()).hasSizeLessThan(8192);
    }

    private enum Then {
        CLOSE,
        HANG
    }

    /// One request to a server that says `text` after it.
    private static AdminClient.Answer ask(String text, Duration limit, Then then)
            throws IOException {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        CompletableFuture<Void> asked = new CompletableFuture<>();
        try (ServerSocket server = new ServerSocket(0, 1, loopback)) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = server.accept()) {
                            int _ = socket.getInputStream().read(new byte[4096]);
                            socket.getOutputStream()
                                    .write(text.getBytes(StandardCharsets.US_ASCII));
                            if (then == Then.HANG) {
                                asked.join();
                            }
                        } catch (IOException e) {
                            // The client has left, as some tests want.
                            return;
                        }
                    });
            Options.Admin admin =
                    new Options.Admin(loopback.getHostAddress(), server.getLocalPort());
            return new AdminClient(admin).ask("GET", "/ready", Deadline.in(limit));
        } finally {
            asked.complete(null);
        }
    }
}
