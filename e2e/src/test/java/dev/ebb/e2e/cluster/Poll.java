package dev.ebb.e2e.cluster;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.Callable;

/// Waits for what a cluster does, with a deadline; a failure names what did not come.
public final class Poll {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    private Poll() {}

    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        await(what).atMost(limit).pollDelay(Duration.ZERO).pollInterval(BETWEEN).until(condition);
    }
}
