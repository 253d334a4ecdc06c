package dev.ebb.proxy.testing;

import dev.ebb.proxy.stream.LoopTick;
import io.netty.channel.EventLoop;
import io.netty.channel.embedded.EmbeddedChannel;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// An event loop on the test's thread, with a clock that the test moves.
public final class FakeLoop {

    private static final Duration STEP = Duration.ofMillis(10);

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final LoopTick tick;

    public FakeLoop() {
        channel.freezeTime();
        tick = new LoopTick(channel.eventLoop(), STEP);
    }

    public EventLoop loop() {
        return channel.eventLoop();
    }

    public LoopTick tick() {
        return tick;
    }

    /// Runs what was handed to the loop.
    public void run() {
        channel.runPendingTasks();
    }

    /// Lets time pass in steps of the clock, and runs what has become due.
    public void pass(Duration time) {
        for (Duration passed = Duration.ZERO;
                passed.compareTo(time) < 0;
                passed = passed.plus(STEP)) {
            standStill(STEP);
        }
    }

    /// Lets time pass at once, and runs what has become due.
    public void standStill(Duration time) {
        channel.advanceTimeBy(time.toNanos(), TimeUnit.NANOSECONDS);
        channel.runScheduledPendingTasks();
        channel.runPendingTasks();
    }
}
