package dev.ebb.admin;

import static org.awaitility.Awaitility.await;

import dev.ebb.lifecycle.Lifecycle;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What a peer that opens many connections gets.
class AdminServerFloodTest {

    /// As AdminServer sets it.
    private static final int MOST = 512;

    private static final String REQUEST = "GET /live HTTP/1.1\r\nHost: localhost\r\n\r\n";

    private final List<Socket> flood = new ArrayList<>();
    private @Nullable AdminServer server;

    @BeforeEach
    void start() throws IOException {
        server =
                AdminServer.start(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                        new Routes(new Lifecycle(), new NoMetrics(), null, new Alive(), Map::of));
    }

    @AfterEach
    void stop() throws IOException {
        leave();
        server().close();
    }

    @Test
    void connectionsBeyondTheLimitAreClosedAndTheServerAnswersAfterwards() throws Exception {
        for (int i = 0; i < MOST + 200; i++) {
            Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port());
            socket.setSoTimeout(1);
            flood.add(socket);
        }

        await().atMost(Duration.ofSeconds(10)).until(() -> open() <= MOST);
        leave();

        await().atMost(Duration.ofSeconds(10)).until(this::answers);
    }

    private long open() {
        return flood.stream().filter(AdminServerFloodTest::isOpen).count();
    }

    private static boolean isOpen(Socket socket) {
        try {
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private boolean answers() {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server().port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            byte[] status = socket.getInputStream().readNBytes(12);
            return new String(status, StandardCharsets.US_ASCII).equals("HTTP/1.1 200");
        } catch (IOException e) {
            return false;
        }
    }

    private void leave() throws IOException {
        for (Socket each : flood) {
            each.close();
        }
        flood.clear();
    }

    private AdminServer server() {
        return Objects.requireNonNull(server);
    }

    private static final class Alive implements DepartureEndpoint {

        @Override
        public CompletionStage<DepartureAnswer> ask() {
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<DepartureAnswer> start() {
            return new CompletableFuture<>();
        }
    }

    private static final class NoMetrics implements MetricsWriter {

        @Override
        public String contentType(@Nullable String accept) {
            return "text/plain";
        }

        @Override
        public void write(@Nullable String accept, OutputStream out) {
            // Has none.
        }
    }
}
