package dev.ebb.proxy.testing;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.awaitility.Awaitility;

/// Waits for something that no latch can be handed to.
public final class Until {

    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final Duration POLL = Duration.ofMillis(5);

    private Until() {}

    public static void holds(Supplier<String> what, BooleanSupplier condition) {
        Awaitility.await(what.get())
                .atMost(LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .until(condition::getAsBoolean);
    }
}
