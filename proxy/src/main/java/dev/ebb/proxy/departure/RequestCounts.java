package dev.ebb.proxy.departure;

import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// Counts what becomes of inbound requests: each accepted one ends in exactly one of the other
/// calls.
///
/// Counted from the start of the process, since a departure has to say what was in flight when it
/// began. Thread-safe.
public final class RequestCounts {

    /// Reasons that are told apart; further ones are counted as `other`.
    private static final int MAX_REASONS = 32;

    private static final String OTHER = "other";

    private final LongAdder accepted = new LongAdder();
    private final LongAdder answered = new LongAdder();
    private final LongAdder handedBack = new LongAdder();
    private final LongAdder abandoned = new LongAdder();
    private final LongAdder cut = new LongAdder();
    private final Map<String, LongAdder> lost = new ConcurrentHashMap<>();

    /// A request has come.
    public void accepted() {
        accepted.increment();
    }

    /// A complete response was written.
    public void answered() {
        answered.increment();
    }

    /// It was answered *not delivered*.
    public void handedBack() {
        handedBack.increment();
    }

    /// The client went away first.
    public void abandoned() {
        abandoned.increment();
    }

    /// It was cut at the end of the grace.
    public void cut() {
        cut.increment();
    }

    /// The client got an error of the proxy's making, or a truncated response.
    public void lost(String reason) {
        LongAdder known = lost.get(reason);
        if (known == null) {
            String bounded = lost.size() < MAX_REASONS ? reason : OTHER;
            known = lost.computeIfAbsent(bounded, _ -> new LongAdder());
        }
        known.increment();
    }

    /// Reads all counts. Ends are read before beginnings, so that what is counted meanwhile never
    /// makes more requests end than have begun.
    Snapshot snapshot() {
        Map<String, Long> lostNow = new TreeMap<>();
        lost.forEach((reason, count) -> lostNow.put(reason, count.sum()));
        long answeredNow = answered.sum();
        long handedBackNow = handedBack.sum();
        long abandonedNow = abandoned.sum();
        long cutNow = cut.sum();
        return new Snapshot(
                accepted.sum(), answeredNow, handedBackNow, abandonedNow, cutNow, lostNow);
    }

    /// All counts at one time.
    record Snapshot(
            long accepted,
            long answered,
            long handedBack,
            long abandoned,
            long cut,
            Map<String, Long> lost) {

        Snapshot {
            lost = Map.copyOf(lost);
        }

        /// Accepted and not ended.
        long inFlight() {
            return accepted - ended();
        }

        private long ended() {
            return answered
                    + handedBack
                    + abandoned
                    + cut
                    + lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
