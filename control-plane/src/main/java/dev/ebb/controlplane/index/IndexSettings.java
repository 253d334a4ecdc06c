package dev.ebb.controlplane.index;

import java.time.Duration;

/// Time spans and limits of the index.
///
/// @param warmUp how long a fresh control plane answers "cannot tell" after its start
/// @param lease how long the votes and the registration of an ended stream are kept
/// @param resubscribe how long a reconnected subscriber may take to subscribe again before what it
///   does not ask for any more is dropped
/// @param settle how long the departure of a last endpoint waits for a replacement to show up
public record IndexSettings(
        Duration warmUp, Duration lease, Duration resubscribe, Duration settle, Limits limits) {

    /// What the operations page documents.
    public static final IndexSettings DEFAULT =
            new IndexSettings(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(1),
                    Duration.ofSeconds(3),
                    Duration.ofSeconds(1),
                    Limits.DEFAULT);

    public IndexSettings {
        if (warmUp.isNegative()) {
            throw new IllegalArgumentException("warm-up: " + warmUp + " (expected: >= 0s)");
        }
    }

    /// The same settings with another warm-up.
    public IndexSettings warmingUpFor(Duration other) {
        return new IndexSettings(other, lease, resubscribe, settle, limits);
    }

    /// Bounds on what peers can grow.
    ///
    /// @param outstanding states of one subscription that were sent and are not applied
    /// @param subscriptions of one stream
    /// @param served lines of one registration
    /// @param endpoints of one destination, and held by one subscription
    /// @param recentDepartures that are kept after their end
    public record Limits(
            int outstanding, int subscriptions, int served, int endpoints, int recentDepartures) {

        /// What the operations page documents.
        public static final Limits DEFAULT = new Limits(16, 1_000, 64, 10_000, 1_000);
    }
}
