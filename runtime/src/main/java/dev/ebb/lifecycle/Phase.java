package dev.ebb.lifecycle;

/// Where a process stands in its life. It moves downwards only.
public enum Phase {
    /// Not everything that readiness waits for has happened.
    STARTING,
    /// Serves.
    READY,
    /// Finishes what it has begun.
    DRAINING,
    /// About to exit.
    STOPPED
}
