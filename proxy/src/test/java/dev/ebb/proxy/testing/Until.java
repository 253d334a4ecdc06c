package dev.ebb.proxy.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/// Waits for something that no latch can be handed to.
public final class Until {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(5);

    private static final Duration STILL = Duration.ofMillis(500);

    private Until() {}

    /// Blocks until the value has not changed for half a second.
    public static void standsStill(LongSupplier value) {
        long[] last = {value.getAsLong(), System.nanoTime()};
        holds(
                () -> "a value that stands still",
                () -> {
                    long now = value.getAsLong();
                    if (now != last[0]) {
                        last[0] = now;
                        last[1] = System.nanoTime();
                    }
                    return System.nanoTime() - last[1] > STILL.toNanos();
                });
    }

    public static void holds(Supplier<String> what, BooleanSupplier condition) {
        Awaitility.await(what.get())
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(condition::getAsBoolean);
    }
}
