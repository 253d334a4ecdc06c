package dev.ebb.controlplane.index;

import java.time.Duration;
import java.util.function.LongSupplier;

/// The time that leases are counted in: monotonic, and standing still while this process does not
/// run.
///
/// A control plane that was suspended finds on waking messages that it has not read; had the lease
/// of their senders run on meanwhile, it would judge them for its own silence. So no step between
/// two ticks counts for more than [#MAX_STEP].
final class LeaseClock {
    private static final long MAX_STEP = Duration.ofMillis(300).toNanos();

    private final LongSupplier nanos;
    private long lastTick;
    private long elapsed;

    LeaseClock(LongSupplier nanos) {
        this.nanos = nanos;
        this.lastTick = nanos.getAsLong();
    }

    /// Lease time, in nanoseconds.
    long now() {
        return elapsed + Math.min(nanos.getAsLong() - lastTick, MAX_STEP);
    }

    /// Closes a step. Called regularly.
    void tick() {
        elapsed = now();
        lastTick = nanos.getAsLong();
    }
}
