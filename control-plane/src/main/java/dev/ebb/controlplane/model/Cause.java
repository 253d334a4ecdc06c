package dev.ebb.controlplane.model;

/// Why an instance announced that it leaves.
public enum Cause {
    /// It got the signal.
    TERM,
    /// Something on its own host asked for a hold; may be withdrawn.
    HOLD
}
