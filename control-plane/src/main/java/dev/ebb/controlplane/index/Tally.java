package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Awaited;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.Optional;

/// How one subscriber's vote in one departure stands; it may change its mind, when a replacement
/// shows up after it had applied a last resort.
final class Tally {
    private final Instance subscriber;
    private final DestinationName destination;
    private final long began;
    private long waitingSince;
    private long appliedAt;
    private Vote.Outcome outcome = Vote.Outcome.WAITING;

    Tally(Instance subscriber, DestinationName destination, long began, long now) {
        this.subscriber = subscriber;
        this.destination = destination;
        this.began = began;
        this.waitingSince = now;
    }

    Instance subscriber() {
        return subscriber;
    }

    Vote.Outcome outcome() {
        return outcome;
    }

    void waiting(long now) {
        if (outcome != Vote.Outcome.WAITING) {
            outcome = Vote.Outcome.WAITING;
            waitingSince = now;
        }
    }

    void applied(long now, Vote.Outcome how) {
        outcome = how;
        appliedAt = now;
    }

    void lapsed() {
        outcome = Vote.Outcome.LAPSED;
    }

    Awaited awaited(long now) {
        return new Awaited(subscriber, destination, Duration.ofNanos(now - waitingSince));
    }

    Vote vote() {
        return switch (outcome) {
            case WAITING, LAPSED -> new Vote(subscriber, destination, Optional.empty(), outcome);
            case APPLIED, LAST_RESORT ->
                    new Vote(
                            subscriber,
                            destination,
                            Optional.of(Duration.ofNanos(appliedAt - began)),
                            outcome);
        };
    }
}
