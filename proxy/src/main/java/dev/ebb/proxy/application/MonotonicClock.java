package dev.ebb.proxy.application;

import java.time.Duration;

/// Tells the time since some fixed moment; wall-clock jumps do not touch it.
@FunctionalInterface
public interface MonotonicClock {

    /// Never goes back. Thread-safe.
    Duration now();

    /// The JVM's own, counted from this call.
    static MonotonicClock system() {
        long origin = System.nanoTime();
        return () -> Duration.ofNanos(System.nanoTime() - origin);
    }
}
