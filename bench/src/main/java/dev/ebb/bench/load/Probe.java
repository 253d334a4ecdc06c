package dev.ebb.bench.load;

import dev.ebb.bench.process.Child;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/// Asks until a program that was just started answers.
public final class Probe {

    private static final Duration PAUSE = Duration.ofMillis(20);
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(2);

    private Probe() {}

    /// Returns once a GET has been answered with 200.
    ///
    /// @throws IOException if the process ended or the time is over, with what it printed
    public static void awaitOk(Target target, Child process, Duration limit)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + limit.toNanos();
        String last = "";
        while (process.isAlive() && System.nanoTime() < deadline) {
            last = answer(target);
            if (last.startsWith("HTTP/1.1 200")) {
                return;
            }
            Thread.sleep(PAUSE);
        }
        throw new IOException(
                "%s: %s (expected: 200 within %d s); it printed: %s"
                        .formatted(process, last, limit.toSeconds(), process.output()));
    }

    private static String answer(Target target) {
        try (Socket socket = new Socket()) {
            socket.connect(
                    new InetSocketAddress(InetAddress.getLoopbackAddress(), target.port()),
                    (int) ANSWER_WITHIN.toMillis());
            socket.setSoTimeout((int) ANSWER_WITHIN.toMillis());
            String request =
                    "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(target.path(), target.authority());
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            socket.getInputStream(), StandardCharsets.US_ASCII))
                            .readLine();
            return line == null ? "closed without an answer" : line;
        } catch (IOException e) {
            return e.toString();
        }
    }
}
