package dev.ebb.proxy.stream;

import java.time.Duration;

/// A time-out in time that the loop is awake, for what others have to do.
///
/// What starves this loop usually starves the other end and the kernel's own threads, too. So each
/// time that the loop stands still counts as a tenth of the delay and two steps at most, however
/// long it was: whoever is waited for has the rest. The price is that a loop which stands still
/// again and again waits longer. All methods are called on the event loop.
public final class AwakeTimeout {

    private final LoopTick tick;
    private final Duration delay;
    private final Runnable task;
    private Duration awake = Duration.ZERO;
    private long lookedAt;
    private LoopTick.Timeout look;

    private AwakeTimeout(LoopTick tick, Duration delay, Runnable task) {
        this.tick = tick;
        this.delay = delay;
        this.task = task;
        look = nextLook();
    }

    /// Runs `task` once when the loop has been awake for `delay`: without a standstill up to two
    /// steps later, never earlier.
    public static AwakeTimeout after(LoopTick tick, Duration delay, Runnable task) {
        return new AwakeTimeout(tick, delay, task);
    }

    /// Keeps the task from running, if it has not run yet. Idempotent.
    public void cancel() {
        look.cancel();
    }

    private void look() {
        Duration passed = Duration.ofNanos(tick.now() - lookedAt);
        awake = awake.plus(min(passed, tenth().plus(tick.step().multipliedBy(2))));
        if (awake.compareTo(delay) < 0) {
            look = nextLook();
        } else {
            task.run();
        }
    }

    private LoopTick.Timeout nextLook() {
        lookedAt = tick.now();
        return tick.after(min(tenth(), delay.minus(awake)), this::look);
    }

    private Duration tenth() {
        return delay.dividedBy(10);
    }

    private static Duration min(Duration a, Duration b) {
        return a.compareTo(b) < 0 ? a : b;
    }
}
