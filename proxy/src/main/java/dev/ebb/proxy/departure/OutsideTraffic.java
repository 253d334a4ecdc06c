package dev.ebb.proxy.departure;

import dev.ebb.proxy.application.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// Remembers when a client outside the mesh was last seen. Thread-safe.
public final class OutsideTraffic {

    private static final long NEVER = Long.MIN_VALUE;

    private final MonotonicClock clock;
    private final AtomicLong lastNanos = new AtomicLong(NEVER);

    public OutsideTraffic(MonotonicClock clock) {
        this.clock = clock;
    }

    /// A request of a client outside the mesh has come.
    public void seen() {
        lastNanos.lazySet(clock.now().toNanos());
    }

    @Nullable Duration last() {
        long nanos = lastNanos.get();
        return nanos == NEVER ? null : Duration.ofNanos(nanos);
    }
}
