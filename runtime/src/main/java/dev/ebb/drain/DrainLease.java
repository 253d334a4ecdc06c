package dev.ebb.drain;

/// Keeps the process alive while something is being finished.
public interface DrainLease extends AutoCloseable {

    /// Lets go. Thread-safe; every call after the first does nothing.
    @Override
    void close();
}
