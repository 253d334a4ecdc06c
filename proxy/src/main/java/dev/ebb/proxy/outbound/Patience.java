package dev.ebb.proxy.outbound;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;

/// How long one request waits for endpoints altogether, however often their state changes
/// meanwhile.
final class Patience {

    static final Duration LIMIT = Duration.ofSeconds(3);

    private final LoopTick tick;
    private long begun;
    private boolean waits;

    Patience(LoopTick tick) {
        this.tick = tick;
    }

    /// Whether it has waited long enough; the first question begins the wait.
    boolean isOver() {
        if (!waits) {
            waits = true;
            begun = tick.now();
        }
        return tick.now() - begun >= LIMIT.toNanos();
    }
}
