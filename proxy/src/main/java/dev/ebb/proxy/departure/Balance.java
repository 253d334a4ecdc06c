package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.RequestCounts.Snapshot;
import java.util.Map;
import java.util.TreeMap;

/// The equation of a departure: in flight then + accepted after = answered + handed back +
/// abandoned + cut + lost. It always holds; a request whose end nobody counted is lost with the
/// reason `unaccounted`, never left out.
///
/// @param inFlight requests in flight when the departure began
/// @param accepted requests that came after
/// @param answered a complete response was written
/// @param handedBack answered *not delivered*: the client's proxy sent it elsewhere
/// @param abandoned the client went away first
/// @param cut cut at the end of the grace
/// @param lost by reason; only reasons that occurred
public record Balance(
        long inFlight,
        long accepted,
        long answered,
        long handedBack,
        long abandoned,
        long cut,
        Map<String, Long> lost) {

    static final String UNACCOUNTED = "unaccounted";

    public Balance {
        lost = Map.copyOf(lost);
        long in = inFlight + accepted;
        long out = answered + handedBack + abandoned + cut + sum(lost);
        if (in != out) {
            throw new IllegalArgumentException(
                    "ledger: " + in + " came, " + out + " ended (expected: the same number)");
        }
    }

    /// What happened between the beginning and the end of a departure.
    static Balance between(Snapshot began, Snapshot ended) {
        Map<String, Long> lost = new TreeMap<>();
        ended.lost()
                .forEach((reason, count) -> {
                    long before = began.lost().getOrDefault(reason, 0L);
                    if (count > before) {
                        lost.put(reason, count - before);
                    }
                });
        if (ended.inFlight() > 0) {
            lost.put(UNACCOUNTED, ended.inFlight());
        }
        return new Balance(
                began.inFlight(),
                ended.accepted() - began.accepted(),
                ended.answered() - began.answered(),
                ended.handedBack() - began.handedBack(),
                ended.abandoned() - began.abandoned(),
                ended.cut() - began.cut(),
                lost);
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }
}
