package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.model.Ledger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A ledger in one sentence for people.
final class LedgerWords {
    private static final int SLOWEST = 3;

    /// Such as `Held for 412 ms (released), then told to stop; 1204 requests: 1203 answered, 1
    /// handed back, 0 lost.`
    static String of(Ledger ledger) {
        List<String> parts = new ArrayList<>();
        parts.add(held(ledger));
        if (!ledger.ownHooks().isEmpty()) {
            parts.add("%s held by its own hook".formatted(String.join(", ", ledger.ownHooks())));
        }
        ledger.times().gone().ifPresent(gone -> parts.add("application gone after " + text(gone)));
        ledger.times().exit().ifPresent(exit -> parts.add("proxy ended after " + text(exit)));
        parts.add(counts(ledger.counts()));
        String waited = waitedFor(ledger);
        if (!waited.isEmpty()) {
            parts.add("waited for " + waited);
        }
        return String.join("; ", parts) + ".";
    }

    /// Nothing was lost and nothing cut.
    static boolean isSound(Ledger ledger) {
        return ledger.counts().totalLost() == 0
                && ledger.counts().cut() == 0
                && ledger.counts().unaccounted() == 0;
    }

    private static String held(Ledger ledger) {
        Optional<Duration> release = ledger.times().release();
        return release.isEmpty()
                ? "Not held"
                : "Held for %s (%s)".formatted(text(release.get()), ledger.releaseReason());
    }

    private static String counts(Ledger.Counts counts) {
        List<String> fates = new ArrayList<>();
        fates.add(counts.answered() + " answered");
        if (counts.handedBack() > 0) {
            fates.add(counts.handedBack() + " handed back");
        }
        if (counts.abandoned() > 0) {
            fates.add(counts.abandoned() + " abandoned by the client");
        }
        if (counts.cut() > 0) {
            fates.add(counts.cut() + " cut");
        }
        fates.add(
                counts.totalLost() + " lost" + (counts.totalLost() > 0 ? " " + counts.lost() : ""));
        return "%d requests: %s"
                .formatted(counts.inFlight() + counts.accepted(), String.join(", ", fates));
    }

    private static String waitedFor(Ledger ledger) {
        List<String> names =
                ledger.waitedFor().stream()
                        .map(awaited -> awaited.subscriber().name())
                        .distinct()
                        .toList();
        String first = String.join(", ", names.subList(0, Math.min(SLOWEST, names.size())));
        return names.size() <= SLOWEST
                ? first
                : first + " and %d more".formatted(names.size() - SLOWEST);
    }

    private static String text(Duration duration) {
        return duration.toMillis() < 10_000
                ? duration.toMillis() + " ms"
                : duration.toSeconds() + " s";
    }

    private LedgerWords() {}
}
