package dev.ebb.cli.demo.load;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/// The endpoint list of a client without a mesh: every change takes the lag to arrive, as a change
/// of an EndpointSlice does on its way through kube-proxy, DNS or a client library. Takes turns
/// among the endpoints that it holds. Safe for use by several threads.
public final class LaggingEndpoints implements Route {
    private final long lagNanos;
    private final LongSupplier nanoTime;
    private final Deque<Change> coming = new ArrayDeque<>();
    private List<InetSocketAddress> held;
    private int turn;

    private record Change(long dueNanos, List<InetSocketAddress> endpoints) {}

    /// A client that holds these endpoints.
    ///
    /// @param first what the client holds from the start
    public LaggingEndpoints(List<InetSocketAddress> first, Duration lag, LongSupplier nanoTime) {
        this.held = List.copyOf(first);
        this.lagNanos = lag.toNanos();
        this.nanoTime = nanoTime;
    }

    /// The service consists of these endpoints from now on; the client learns it after the lag.
    public synchronized void publish(List<InetSocketAddress> endpoints) {
        coming.add(new Change(nanoTime.getAsLong() + lagNanos, List.copyOf(endpoints)));
    }

    @Override
    public synchronized Optional<InetSocketAddress> next() {
        long now = nanoTime.getAsLong();
        while (!coming.isEmpty() && coming.getFirst().dueNanos() - now <= 0) {
            held = coming.removeFirst().endpoints();
        }
        if (held.isEmpty()) {
            return Optional.empty();
        }
        turn = (turn + 1) % held.size();
        return Optional.of(held.get(turn));
    }
}
