package dev.ebb.controlplane.model;

/// Why an instance leaves; a later constant outweighs an earlier one.
public enum Cause {
    /// Something on its own host asked for a hold; may be withdrawn.
    HOLD,
    /// It got the signal.
    TERM,
    /// The cluster deletes it.
    DELETED;

    /// Whether there is no way back.
    public boolean isFinal() {
        return this != HOLD;
    }

    /// The weightier of the two.
    public Cause or(Cause other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
