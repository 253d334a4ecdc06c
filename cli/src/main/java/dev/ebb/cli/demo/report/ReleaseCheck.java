package dev.ebb.cli.demo.report;

import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.DeparturesReport.VoteLine;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Whether one departure was released when the slow client had applied it: not before, and not long
/// after. Both times are the control plane's own, so no two clocks are compared.
public record ReleaseCheck(String replica, @Nullable Long appliedMs, @Nullable Long releasedMs) {
    static final String SLOW_CLIENT = "client-slow";
    private static final long PROMPT_MS = 300;

    /// Whether the slow client was asked at all.
    static boolean isVotedOn(Departure departure) {
        return !slowVotes(departure).isEmpty();
    }

    /// Empty if the departure did not have to wait for the slow client: another one was slower, or
    /// the slow one had no vote.
    static Optional<ReleaseCheck> of(Departure departure) {
        List<VoteLine> slow = slowVotes(departure);
        if (slow.isEmpty()) {
            return Optional.empty();
        }
        @Nullable Long slowApplied = slow.getLast().appliedMs();
        boolean another =
                slowApplied != null
                        && departure.votes().stream()
                                .map(VoteLine::appliedMs)
                                .anyMatch(applied -> applied != null && applied > slowApplied);
        return another
                ? Optional.empty()
                : Optional.of(
                        new ReleaseCheck(
                                departure.instance(), slowApplied, departure.releasedMs()));
    }

    private static List<VoteLine> slowVotes(Departure departure) {
        return departure.votes().stream()
                .filter(vote -> vote.subscriber().equals(SLOW_CLIENT))
                .toList();
    }

    /// The slow client had applied the removal before the release.
    public boolean isSafe() {
        return appliedMs != null && releasedMs != null && releasedMs >= appliedMs;
    }

    public boolean isPrompt() {
        return isSafe() && delayMs() <= PROMPT_MS;
    }

    /// Milliseconds from applied to released; -1 if one of them never was.
    public long delayMs() {
        return appliedMs == null || releasedMs == null ? -1 : releasedMs - appliedMs;
    }
}
