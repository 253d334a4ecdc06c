package dev.ebb.proxy.outbound;

import dev.ebb.proxy.stream.LoopTick;
import java.time.Duration;

/// How long one request waits for endpoints altogether, however often their state changes
/// meanwhile.
final class Patience {

    static final Duration LIMIT = Duration.ofSeconds(3);

    /// How long a redirected connection waits for the first word about its destination. Then it
    /// goes where it would have gone by itself.
    static final Duration FIRST_WORD = Duration.ofSeconds(1);

    /// The same while there is no control stream: long enough for one that only moves to another
    /// replica.
    static final Duration FIRST_WORD_WHILE_AWAY = Duration.ofMillis(250);

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
