package dev.ebb.cli.demo.web;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.MessageReader;
import dev.ebb.cli.demo.wire.Payload;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WebServerTest {
    @TempDir private Path directory;
    private WebServer server;
    private int port;

    @BeforeEach
    void start() throws IOException {
        InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        server = WebServer.start(anyPort, "web-1", OriginRecord.open(directory, "web-1"));
        port = server.port();
    }

    @Test
    void theRequestIsOnRecordWhenItsAnswerArrives() throws IOException {
        try (Socket client = connect()) {
            send(client, "a-1", 0);

            Head answer = head(client);

            assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(answer.first(Payload.ID)).hasValue("a-1");
            assertThat(Files.readString(directory.resolve("web-1.requests")))
                    .endsWith("\ta-1\tGET\t0\n");
        } finally {
            server.stop();
        }
    }

    @Test
    void anActiveRequestFinishesAfterStop() throws Exception {
        try (Socket client = connect()) {
            send(client, "a-1", 300);
            Thread stopper = Thread.ofVirtual().start(server::stop);
            await().until(this::portIsClosed);

            Head answer = head(client);

            assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 OK");
            assertThat(answer.has("connection", "close")).isTrue();
            stopper.join();
        }
    }

    @Test
    void anIdleConnectionIsClosedInOrderByStop() throws IOException {
        try (Socket client = connect()) {
            send(client, "a-1", 0);
            MessageReader reader = new MessageReader(client.getInputStream());
            reader.body(Objects.requireNonNull(reader.head()));

            server.stop();

            assertThat(reader.head()).isNull();
        }
    }

    @Test
    void aRequestThatComesTogetherWithTheStopIsServed() throws Exception {
        try (Socket client = connect()) {
            Thread stopper = Thread.ofVirtual().start(server::stop);
            send(client, "a-1", 0);

            Head answer = head(client);

            assertThat(answer.startLine()).isEqualTo("HTTP/1.1 200 OK");
            stopper.join();
        }
    }

    @Test
    void nobodyIsAcceptedAfterStop() {
        server.stop();

        assertThatExceptionOfType(ConnectException.class).isThrownBy(this::connect);
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), port);
    }

    private boolean portIsClosed() {
        try {
            connect().close();
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private static void send(Socket client, String id, int workMillis) throws IOException {
        String request =
                "GET / HTTP/1.1\r\nHost: web.demo\r\n%s: %s\r\n%s: %d\r\n\r\n"
                        .formatted(Payload.ID, id, Payload.WORK, workMillis);
        client.getOutputStream().write(request.getBytes(US_ASCII));
    }

    private static Head head(Socket client) throws IOException {
        return Objects.requireNonNull(new MessageReader(client.getInputStream()).head());
    }
}
