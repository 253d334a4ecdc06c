package dev.ebb.controlplane.cluster;

import dev.ebb.controlplane.model.DepartureStatus.Deletion;

/// Whether an instance leaves, says who has just looked.
public sealed interface Life {

    /// It does not.
    record Alive() implements Life {}

    /// It does, or it has gone already.
    record Leaves(Deletion deletion) implements Life {}

    /// Nobody could look.
    ///
    /// @param reason in words for people
    record CannotTell(String reason) implements Life {}
}
