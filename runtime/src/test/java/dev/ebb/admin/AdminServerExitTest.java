package dev.ebb.admin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.lifecycle.Lifecycle;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Whether a process can end while its admin server holds a caller; needs a process.
class AdminServerExitTest {

    @Test
    void aCallerThatWaitsForEverDoesNotKeepTheProcessFromExiting() throws Exception {
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                EndsWhileACallerWaits.class.getName())
                        .inheritIO()
                        .start();

        boolean exited = process.waitFor(30, TimeUnit.SECONDS);
        process.destroyForcibly();

        assertThat(exited).isTrue();
        assertThat(process.exitValue()).isZero();
    }

    /// A `main` that returns, without closing the server, once a caller waits.
    static final class EndsWhileACallerWaits {

        private EndsWhileACallerWaits() {}

        public static void main(String[] args) throws Exception {
            NeverOver departure = new NeverOver();
            AdminServer server =
                    AdminServer.start(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            new Routes(new Lifecycle(), new NoMetrics(), null, departure, Map::of));
            Socket caller = new Socket(InetAddress.getLoopbackAddress(), server.port());
            caller.getOutputStream()
                    .write(
                            "GET /departure HTTP/1.1\r\nHost: localhost\r\n\r\n"
                                    .getBytes(StandardCharsets.US_ASCII));
            departure.asked.await();
        }
    }

    private static final class NeverOver implements DepartureEndpoint {

        final CountDownLatch asked = new CountDownLatch(1);

        @Override
        public CompletionStage<DepartureAnswer> ask() {
            asked.countDown();
            return new CompletableFuture<>();
        }

        @Override
        public CompletionStage<DepartureAnswer> start() {
            return ask();
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
