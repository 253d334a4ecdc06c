package dev.ebb.proxy.application;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// Tries whether somebody listens at an address.
@FunctionalInterface
public interface PortProbe {

    /// Never fails, never blocks; completes on any thread.
    CompletionStage<Result> probe(InetSocketAddress address);

    /// Connects and closes again, on a virtual thread.
    static PortProbe connecting(Duration limit) {
        return address -> {
            CompletableFuture<Result> result = new CompletableFuture<>();
            Thread.startVirtualThread(() -> result.complete(connect(address, limit)));
            return result;
        };
    }

    private static Result connect(InetSocketAddress address, Duration limit) {
        try (Socket socket = new Socket()) {
            socket.connect(address, Math.toIntExact(limit.toMillis()));
            // Where nobody listens on a port of the ephemeral range, TCP may meet itself: the probe
            // is given the very port that it connects to (RFC 9293 §3.5, simultaneous open).
            boolean self = socket.getLocalSocketAddress().equals(socket.getRemoteSocketAddress());
            return self ? Result.REFUSES : Result.ACCEPTS;
        } catch (ConnectException _) {
            return Result.REFUSES;
        } catch (IOException _) {
            return Result.UNCLEAR;
        }
    }

    /// What came of it.
    enum Result {
        /// The connection was established.
        ACCEPTS,
        /// The connection was refused.
        REFUSES,
        /// Neither: it took too long, or the network failed.
        UNCLEAR
    }
}
