package dev.ebb.controlplane.model;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// One departure as the control plane saw it; durations are from its beginning, by the control
/// plane's monotonic clock.
///
/// @param cause why it began, as announced; empty if it never was
/// @param timing how long ago it began and when it was released
/// @param votes what became of them; once it has ended the slowest [#MAX_VOTES]
/// @param outcome how it stands
public record DepartureReport(
        Instance instance,
        Optional<Cause> cause,
        DepartureStatus status,
        Timing timing,
        List<Vote> votes,
        Outcome outcome) {
    /// How many votes of an ended departure are kept.
    public static final int MAX_VOTES = 100;

    public DepartureReport {
        votes = List.copyOf(votes);
    }

    /// When things happened.
    ///
    /// @param age how long ago it began
    /// @param released when it was released
    public record Timing(Duration age, Optional<Duration> released) {}

    /// How a departure stands or ended.
    public sealed interface Outcome {
        /// In progress.
        record Underway() implements Outcome {}

        /// The instance sent its last message.
        record Recorded(Ledger ledger) implements Outcome {}

        /// The announcement lapsed and the instance goes on serving.
        record Withdrawn() implements Outcome {}

        /// The instance went without a last message.
        record Vanished() implements Outcome {}
    }
}
