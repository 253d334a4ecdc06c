package dev.ebb.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BackoffTest {

    private final Backoff backoff = new Backoff(new Random(7));

    @Test
    void pausesDoubleUpToTheLongest() {
        long[] steps = {100, 200, 400, 800, 1_600, 2_000, 2_000, 2_000};

        for (long step : steps) {
            assertThat(backoff.next())
                    .isBetween(Duration.ofMillis(step / 2), Duration.ofMillis(step));
        }
    }

    @Test
    void successStartsOver() {
        backoff.next();
        backoff.next();
        backoff.next();

        backoff.reset();

        assertThat(backoff.next()).isLessThanOrEqualTo(Backoff.FIRST);
    }
}
