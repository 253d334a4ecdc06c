package dev.ebb.proxy.stream;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.util.concurrent.EventExecutor;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LoopTickTest {

    private final EmbeddedChannel channel = new EmbeddedChannel();
    private final List<String> ran = new ArrayList<>();
    private LoopTick tick = new LoopTick(channel.eventLoop(), Duration.ofMillis(50));

    @BeforeEach
    void freeze() {
        channel.freezeTime();
        tick = new LoopTick(channel.eventLoop(), Duration.ofMillis(50));
    }

    @Test
    void runsATaskAtItsDelayOrOneStepLaterAndOnce() {
        tick.after(Duration.ofMillis(120), () -> ran.add("a"));

        advance(119);
        assertThat(ran).isEmpty();
        advance(51);

        assertThat(ran).containsExactly("a");
        advance(60_000);
        assertThat(ran).containsExactly("a");
    }

    @Test
    void cancelledTaskDoesNotRunAndItsNeighboursDo() {
        tick.after(Duration.ofMillis(100), () -> ran.add("first"));
        LoopTick.Timeout middle = tick.after(Duration.ofMillis(100), () -> ran.add("middle"));
        tick.after(Duration.ofMillis(100), () -> ran.add("last"));

        middle.cancel();
        middle.cancel();
        advance(150);

        assertThat(ran).containsExactlyInAnyOrder("first", "last");
    }

    @Test
    void delayLongerThanTheWheelWaitsForItsOwnRound() {
        tick.after(Duration.ofMinutes(10), () -> ran.add("late"));

        advance(599_000);
        assertThat(ran).isEmpty();
        advance(2_000);

        assertThat(ran).containsExactly("late");
    }

    @Test
    void aTaskMaySetAndCancelOthers() {
        LoopTick.Timeout[] victim = new LoopTick.Timeout[1];
        tick.after(
                Duration.ofMillis(50),
                () -> {
                    victim[0].cancel();
                    tick.after(Duration.ofMillis(50), () -> ran.add("chained"));
                });
        victim[0] = tick.after(Duration.ofMillis(100), () -> ran.add("victim"));

        for (int i = 0; i < 30; i++) {
            advance(10);
        }

        assertThat(ran).containsExactly("chained");
    }

    @Test
    void idleLoopIsNeverWoken() {
        LoopTick.Timeout timeout = tick.after(Duration.ofMillis(50), () -> ran.add("never"));
        timeout.cancel();

        advance(100);

        assertThat(channel.runScheduledPendingTasks()).isEqualTo(-1);
        assertThat(ran).isEmpty();
    }

    /// Each early time-out overtakes the timer of the late one.
    @Test
    void timersThatWereOvertakenAreNotSetAgain() {
        int[] scheduled = new int[1];
        EventExecutor counting =
                (EventExecutor)
                        Proxy.newProxyInstance(
                                getClass().getClassLoader(),
                                new Class<?>[] {EventExecutor.class},
                                (_, method, arguments) -> {
                                    scheduled[0] += method.getName().equals("schedule") ? 1 : 0;
                                    return method.invoke(channel.eventLoop(), arguments);
                                });
        tick = new LoopTick(counting, Duration.ofMillis(50));
        tick.after(Duration.ofHours(1), () -> ran.add("late"));
        for (int i = 0; i < 100; i++) {
            tick.after(Duration.ofMillis(50), () -> {});
            advance(100);
        }
        scheduled[0] = 0;

        advance(60_000);

        assertThat(scheduled[0]).isLessThan(10);
    }

    @Test
    void randomTimeoutsAllRunWithinOneStep() {
        Random random = new Random(7);
        List<Long> lateness = new ArrayList<>();
        int expected = 0;
        for (int i = 0; i < 2_000; i++) {
            Duration delay = Duration.ofMillis(random.nextInt(60_000));
            long due = tick.now() + delay.toNanos();
            LoopTick.Timeout timeout = tick.after(delay, () -> lateness.add(tick.now() - due));
            if (random.nextInt(4) == 0) {
                timeout.cancel();
            } else {
                expected++;
            }
            advance(random.nextInt(20));
        }

        for (int i = 0; i < 7_000; i++) {
            advance(10);
        }

        assertThat(lateness).hasSize(expected);
        assertThat(lateness).allMatch(nanos -> nanos >= 0 && nanos <= 70_000_000L);
    }

    private void advance(long millis) {
        channel.advanceTimeBy(millis, MILLISECONDS);
        channel.runScheduledPendingTasks();
    }
}
