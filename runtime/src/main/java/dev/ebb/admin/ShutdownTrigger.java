package dev.ebb.admin;

/// What `POST /shutdown` does.
@FunctionalInterface
public interface ShutdownTrigger {

    /// Asks the process to end; returns at once. Idempotent, called on any thread.
    void shutdown();
}
