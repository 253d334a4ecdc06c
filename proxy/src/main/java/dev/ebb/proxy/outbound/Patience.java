package dev.ebb.proxy.outbound;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;

/// How long one request waits for endpoints altogether, however often their state changes
/// meanwhile.
final class Patience {

    private final LoopTick tick;
    private final Duration limit;
    private long begun;
    private boolean waits;

    Patience(LoopTick tick, Duration limit) {
        this.tick = tick;
        this.limit = limit;
    }

    /// Whether it has waited long enough; the first question begins the wait.
    boolean isOver() {
        if (!waits) {
            waits = true;
            begun = tick.now();
        }
        return tick.now() - begun >= limit.toNanos();
    }
}
