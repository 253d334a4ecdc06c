package dev.ebb.cli.demo.relay;

import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Runs tasks later, in the order in which they were handed in.
public interface Delay {
    void run(Runnable task);

    /// A fixed delay.
    ///
    /// @param timer with a single thread, which keeps the order of equal delays
    static Delay of(Duration lag, ScheduledExecutorService timer) {
        return task -> {
            var _ = timer.schedule(task, lag.toNanos(), TimeUnit.NANOSECONDS);
        };
    }
}
