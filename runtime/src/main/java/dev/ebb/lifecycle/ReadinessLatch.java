package dev.ebb.lifecycle;

/// One thing that must have happened once before the process is ready.
public interface ReadinessLatch {

    /// It has happened. Thread-safe, idempotent.
    void release();
}
