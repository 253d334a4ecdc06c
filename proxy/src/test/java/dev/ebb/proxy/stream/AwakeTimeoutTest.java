package dev.ebb.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.testing.FakeLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class AwakeTimeoutTest {

    private static final Duration SECOND = Duration.ofSeconds(1);

    private final FakeLoop loop = new FakeLoop();
    private final Duration step = loop.tick().step();
    private final List<String> ran = new ArrayList<>();

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 95, 250, 1000, 3500})
    void loopThatIsAwakeCountsAllTime(int millis) {
        Duration delay = Duration.ofMillis(millis);
        long before = loop.tick().now();
        set(delay);

        while (ran.isEmpty()) {
            loop.pass(step);
        }

        assertThat(Duration.ofNanos(loop.tick().now() - before))
                .isBetween(delay, delay.plus(step.multipliedBy(3)));
    }

    @Test
    void eachStandstillCountsAsATenthAndTwoStepsAtMost() {
        set(SECOND);

        loop.standStill(Duration.ofHours(1));
        loop.pass(Duration.ofMillis(850));
        assertThat(ran).isEmpty();
        loop.pass(Duration.ofMillis(50));
        assertThat(ran).hasSize(1);
    }

    @Test
    void cancelledOneDoesNotRun() {
        AwakeTimeout timeOut = set(SECOND);
        loop.pass(Duration.ofMillis(500));

        timeOut.cancel();
        loop.pass(SECOND);

        assertThat(ran).isEmpty();
    }

    private AwakeTimeout set(Duration delay) {
        return AwakeTimeout.after(loop.tick(), delay, () -> ran.add("ran"));
    }
}
