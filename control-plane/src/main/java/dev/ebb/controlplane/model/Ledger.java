package dev.ebb.controlplane.model;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The one record that a departure leaves, as the instance wrote it.
///
/// @param cutNames what was cut at the end of the grace, at most [#MAX_NAMED]
/// @param waitedFor at most [#MAX_NAMED]
/// @param ownHooks containers that were held by a hook of their own, at most [#MAX_NAMED]
public record Ledger(
        String cause,
        Times times,
        String releaseReason,
        Counts counts,
        List<String> cutNames,
        List<Awaited> waitedFor,
        List<String> ownHooks) {
    /// How many of each list are kept.
    public static final int MAX_NAMED = 100;

    private static final int MAX_WORDS = 256;

    public Ledger {
        Text.printable("ledger cause", cause, 0, MAX_WORDS);
        Text.printable("ledger release_reason", releaseReason, 0, MAX_WORDS);
        cutNames = List.copyOf(cutNames.subList(0, Math.min(MAX_NAMED, cutNames.size())));
        cutNames.forEach(name -> Text.printable("ledger cut_names", name, 0, MAX_WORDS));
        waitedFor = List.copyOf(waitedFor.subList(0, Math.min(MAX_NAMED, waitedFor.size())));
        ownHooks = List.copyOf(ownHooks.subList(0, Math.min(MAX_NAMED, ownHooks.size())));
        ownHooks.forEach(name -> Text.printable("ledger own_hooks", name, 0, MAX_WORDS));
    }

    /// When things happened, from the beginning of the departure by the instance's clock; empty
    /// means "did not happen".
    public record Times(
            Optional<Duration> hook,
            Optional<Duration> release,
            Optional<Duration> term,
            Optional<Duration> gone,
            Optional<Duration> exit) {}

    /// What became of every request.
    ///
    /// @param lost by reason
    public record Counts(
            long inFlight,
            long accepted,
            long answered,
            long handedBack,
            long abandoned,
            long cut,
            Map<String, Long> lost) {

        public Counts {
            lost = Map.copyOf(lost);
            if (lost.size() > MAX_NAMED) {
                throw new IllegalArgumentException(
                        "ledger lost: " + lost.size() + " reasons (expected: at most 100)");
            }
            lost.keySet().forEach(reason -> Text.printable("ledger lost", reason, 0, MAX_WORDS));
        }

        /// Requests whose fate the instance could not tell; 0 in a sound ledger.
        public long unaccounted() {
            return inFlight + accepted - answered - handedBack - abandoned - cut - totalLost();
        }

        /// Requests that got no answer, whatever the reason.
        public long totalLost() {
            return lost.values().stream().mapToLong(Long::longValue).sum();
        }
    }
}
