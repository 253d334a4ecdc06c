package dev.ebb.proxy.upstream;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Those who wait for something on one event loop: first come first served, bounded in number and
/// in time.
///
/// @param <T> who waits; compared by equals
public final class WaitQueue<T> {

    private record Waiting<T>(T who, long since) {}

    private final LoopTick tick;
    private final int bound;
    private final Duration limit;
    private final Consumer<T> expired;
    private final Queue<Waiting<T>> waiting = new ArrayDeque<>();
    private LoopTick.@Nullable Timeout check;

    /// @param bound how many may wait
    /// @param limit how long each may wait
    /// @param expired is called with one that waited that long, after its removal
    public WaitQueue(LoopTick tick, int bound, Duration limit, Consumer<T> expired) {
        this.tick = tick;
        this.bound = bound;
        this.limit = limit;
        this.expired = expired;
    }

    /// Adds one at the end; false if the queue is full.
    public boolean offer(T who) {
        if (waiting.size() >= bound) {
            return false;
        }
        waiting.add(new Waiting<>(who, tick.now()));
        checkLater();
        return true;
    }

    /// Takes the one that has waited longest, null if nobody waits.
    public @Nullable T poll() {
        Waiting<T> first = waiting.poll();
        return first == null ? null : first.who();
    }

    /// Takes everybody, in their order.
    public List<T> pollAll() {
        List<T> all = waiting.stream().map(Waiting::who).toList();
        waiting.clear();
        return all;
    }

    /// Takes one out of the middle, if it is there.
    public void remove(T who) {
        waiting.removeIf(each -> each.who().equals(who));
    }

    public int size() {
        return waiting.size();
    }

    public boolean isEmpty() {
        return waiting.isEmpty();
    }

    /// One time-out serves all, since all wait equally long: it is set for the first.
    private void checkLater() {
        Waiting<T> first = waiting.peek();
        if (check == null && first != null) {
            check = tick.after(limit.minusNanos(tick.now() - first.since()), this::check);
        }
    }

    private void check() {
        check = null;
        long now = tick.now();
        Waiting<T> first = waiting.peek();
        while (first != null && now - first.since() >= limit.toNanos()) {
            waiting.poll();
            expired.accept(first.who());
            first = waiting.peek();
        }
        checkLater();
    }
}
