package dev.ebb.controlplane.model;

import java.time.Duration;
import java.util.Optional;

/// What became of one subscriber's vote in a departure.
///
/// @param applied when it had applied the removal, from the beginning of the departure; empty while
///   it has not
/// @param outcome how it stands
public record Vote(
        Instance subscriber,
        DestinationName destination,
        Optional<Duration> applied,
        Outcome outcome) {

    /// How a vote stands.
    public enum Outcome {
        /// Still holds the instance as pickable.
        WAITING,
        /// Has applied the removal.
        APPLIED,
        /// Has applied a state in which nothing is ready.
        LAST_RESORT,
        /// Its lease ended before it answered.
        LAPSED
    }
}
