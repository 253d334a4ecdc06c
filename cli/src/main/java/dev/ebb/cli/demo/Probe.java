package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Child;
import dev.ebb.cli.demo.wire.Head;
import dev.ebb.cli.demo.wire.MessageReader;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Asks processes whether they are there yet.
public final class Probe {
    private static final int TIME_LIMIT_MILLIS = 2000;
    private static final long PAUSE_MILLIS = 20;

    private Probe() {}

    /// Returns when the condition holds.
    ///
    /// @param child must live all the while; named, with its last words, when it does not
    public static void await(String what, Duration limit, Child child, BooleanSupplier condition)
            throws InterruptedException {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (child.hasEnded()) {
                throw failure(child, "it has ended", what);
            }
            if (System.nanoTime() > end) {
                throw failure(child, "not within %d s".formatted(limit.toSeconds()), what);
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    public static boolean accepts(int port) {
        try (Socket socket = new Socket()) {
            connect(socket, port);
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    /// The body of a 200 answer to a GET on loopback; empty for anything else.
    public static Optional<String> get(int port, String path, String host) {
        try (Socket socket = new Socket()) {
            connect(socket, port);
            String request =
                    "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                            .formatted(path, host);
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            MessageReader reader =
                    new MessageReader(new BufferedInputStream(socket.getInputStream()));
            Head head = reader.head();
            return head == null || !head.startLine().startsWith("HTTP/1.1 200")
                    ? Optional.empty()
                    : Optional.of(new String(reader.body(head), StandardCharsets.UTF_8));
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    /// What to throw when a child did not come up to what was expected of it.
    public static CommandFailure failure(Child child, String state, String expected) {
        return new CommandFailure(
                ExitCode.UNAVAILABLE,
                "%s: %s (expected: %s)\n%s"
                        .formatted(child.name(), state, expected, child.lastWords())
                        .strip());
    }

    private static void connect(Socket socket, int port) throws IOException {
        socket.setSoTimeout(TIME_LIMIT_MILLIS);
        socket.connect(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIME_LIMIT_MILLIS);
    }
}
