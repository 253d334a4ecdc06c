package dev.ebb.proxy.stream;

import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// The coarse clock of one event loop: it drives all time-outs there.
///
/// A wheel of slots of one step each. Setting and cancelling a time-out costs a few field writes;
/// the event loop's own timer is used for the next due slot only, so a loop without due time-outs
/// is never woken. A time-out comes at its delay or up to one step later, never earlier. If the
/// loop has stood still for longer than that (a throttled container, a machine that was paused),
/// what has arrived in the meantime is read first: nobody is timed out for a pause of our own. All
/// methods are called on the event loop.
public final class LoopTick {

    private static final int SLOTS = 512;
    private static final long NEVER = Long.MAX_VALUE;

    private final EventExecutor loop;
    private final long stepNanos;
    private final long startNanos;
    private final @Nullable Timeout[] slots = new @Nullable Timeout[SLOTS];
    private final Runnable turn = this::turn;
    private final Runnable turnBehindInput = this::turnBehindInput;

    /// Every slot up to here has been looked at.
    private long turned;

    /// The earliest step for which the loop's timer is set.
    private long wakeAt = NEVER;

    private int pending;

    /// A turn waits until the loop has read its sockets.
    private boolean awaitingInput;

    /// @param step how coarse the clock is; above zero
    public LoopTick(EventExecutor loop, Duration step) {
        if (!step.isPositive()) {
            throw new IllegalArgumentException("step: " + step + " (expected: > 0)");
        }
        this.loop = loop;
        stepNanos = step.toNanos();
        startNanos = now();
    }

    /// The loop's monotonic time in nanoseconds; only differences mean anything.
    public long now() {
        return loop.ticker().nanoTime();
    }

    /// How coarse the clock is.
    public Duration step() {
        return Duration.ofNanos(stepNanos);
    }

    /// Runs `task` once when `delay` has passed.
    public Timeout after(Duration delay, Runnable task) {
        long due = now() - startNanos + Math.max(delay.toNanos(), 0);
        Timeout timeout =
                new Timeout(this, task, Math.max((due + stepNanos - 1) / stepNanos, turned + 1));
        timeout.link();
        pending++;
        if (timeout.step < wakeAt) {
            wake(timeout.step);
        }
        return timeout;
    }

    private void turn() {
        // One that was set for a later step than the next may have been overtaken.
        if (!awaitingInput && step(now()) >= wakeAt) {
            awaitingInput = true;
            var _ = loop.schedule(turnBehindInput, 0, TimeUnit.NANOSECONDS);
        }
    }

    /// The loop reads its sockets between a task that sets a timer and that timer.
    private void turnBehindInput() {
        awaitingInput = false;
        wakeAt = NEVER;
        try {
            runDue();
        } finally {
            wakeForTheNext();
        }
    }

    private void runDue() {
        long to = step(now());
        long from = Math.max(turned + 1, to - SLOTS + 1);
        turned = Math.max(turned, to);
        for (long step = from; step <= to; step++) {
            runDue(slot(step), to);
        }
    }

    private void wakeForTheNext() {
        for (long step = turned + 1; pending > 0 && step <= turned + SLOTS; step++) {
            if (slots[slot(step)] != null) {
                wake(step);
                return;
            }
        }
    }

    /// Tasks may set and cancel time-outs, so the slot is looked through anew after each of them.
    private void runDue(int slot, long to) {
        Timeout due = firstDue(slots[slot], to);
        while (due != null) {
            due.cancel();
            due.task.run();
            due = firstDue(slots[slot], to);
        }
    }

    private static @Nullable Timeout firstDue(@Nullable Timeout first, long to) {
        Timeout each = first;
        while (each != null && each.step > to) {
            each = each.next;
        }
        return each;
    }

    private void wake(long step) {
        if (step >= wakeAt) {
            return;
        }
        wakeAt = step;
        long delay = startNanos + step * stepNanos - now();
        var _ = loop.schedule(turn, Math.max(delay, 0), TimeUnit.NANOSECONDS);
    }

    private long step(long nanos) {
        return (nanos - startNanos) / stepNanos;
    }

    private static int slot(long step) {
        return (int) (step & (SLOTS - 1));
    }

    /// One task that waits for its time.
    public static final class Timeout {

        private final LoopTick tick;
        private final Runnable task;
        private final long step;
        private boolean linked;
        private @Nullable Timeout previous;
        private @Nullable Timeout next;

        private Timeout(LoopTick tick, Runnable task, long step) {
            this.tick = tick;
            this.task = task;
            this.step = step;
        }

        /// Keeps the task from running, if it has not run yet. Idempotent.
        public void cancel() {
            if (!linked) {
                return;
            }
            linked = false;
            tick.pending--;
            if (previous == null) {
                tick.slots[slot(step)] = next;
            } else {
                previous.next = next;
            }
            if (next != null) {
                next.previous = previous;
            }
            previous = null;
            next = null;
        }

        private void link() {
            int slot = slot(step);
            Timeout first = tick.slots[slot];
            next = first;
            if (first != null) {
                first.previous = this;
            }
            tick.slots[slot] = this;
            linked = true;
        }
    }
}
