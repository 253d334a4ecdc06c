package dev.ebb.controlplane.cluster;

import java.time.Duration;
import java.util.Optional;

/// Whether an instance leaves, says who has just looked.
public sealed interface Life {

    /// It does not.
    record Alive() implements Life {}

    /// It does, or it has gone already.
    ///
    /// @param grace from the beginning of its departure until it is killed, if that can be told
    record Leaves(Optional<Duration> grace) implements Life {}

    /// Nobody could look.
    ///
    /// @param reason in words for people
    record CannotTell(String reason) implements Life {}
}
