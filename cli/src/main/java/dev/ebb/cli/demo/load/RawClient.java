package dev.ebb.cli.demo.load;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/// Sends requests over connections of its own. Each request is written at most once, to one
/// endpoint, on one connection, whatever happens: no library is in between that might quietly send
/// it again. Safe for use by several threads; a call blocks until the outcome is known.
public final class RawClient implements AutoCloseable {
    private final String authority;
    private final Duration timeLimit;
    private final Reuse reuse;
    private final Map<InetSocketAddress, Queue<RawConnection>> idle = new HashMap<>();

    /// What becomes of a connection after a whole answer.
    public enum Reuse {
        KEEP_ALIVE,
        /// Every request has a connection of its own, which the client closes.
        NEVER
    }

    /// A client without connections, which will keep them alive.
    ///
    /// @param authority the destination as the `Host` field names it
    /// @param timeLimit for connecting, and for each wait for bytes of the answer
    public RawClient(String authority, Duration timeLimit) {
        this(authority, timeLimit, Reuse.KEEP_ALIVE);
    }

    /// A client without connections.
    public RawClient(String authority, Duration timeLimit, Reuse reuse) {
        this.authority = authority;
        this.timeLimit = timeLimit;
        this.reuse = reuse;
    }

    public Outcome send(Route route, Request request) {
        Optional<InetSocketAddress> endpoint = route.next();
        if (endpoint.isEmpty()) {
            return new Outcome.Lost("no endpoint known");
        }
        RawConnection connection = idleConnection(endpoint.get());
        try {
            if (connection == null) {
                connection = RawConnection.open(endpoint.get(), timeLimit);
            }
        } catch (IOException e) {
            return new Outcome.Lost(
                    "not connected to %s: %s".formatted(endpoint.get(), e.getMessage()));
        }
        Outcome outcome = connection.exchange(request, authority);
        keep(endpoint.get(), connection);
        return outcome;
    }

    @Override
    public synchronized void close() {
        idle.values().forEach(queue -> queue.forEach(RawConnection::close));
        idle.clear();
    }

    /// The connection that has been idle for longest, so that all of them stay in use.
    private @Nullable RawConnection idleConnection(InetSocketAddress endpoint) {
        while (true) {
            RawConnection connection;
            synchronized (this) {
                Queue<RawConnection> queue = idle.get(endpoint);
                connection = queue == null ? null : queue.poll();
            }
            if (connection == null || connection.isReusable()) {
                return connection;
            }
            connection.close();
        }
    }

    private void keep(InetSocketAddress endpoint, RawConnection connection) {
        if (reuse == Reuse.NEVER || !connection.isReusable()) {
            connection.close();
            return;
        }
        synchronized (this) {
            idle.computeIfAbsent(endpoint, _ -> new ArrayDeque<>()).add(connection);
        }
    }
}
