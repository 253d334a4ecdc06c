package dev.ebb.bench.load;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ScheduleTest {

    private final Schedule<String> schedule = new Schedule<>();

    @Test
    void anIdleConnectionTakesTheRequestAtOnce() {
        assertThat(schedule.answered("a")).isEmpty();

        assertThat(schedule.due(100)).contains("a");
        assertThat(schedule.waiting()).isZero();
    }

    @Test
    void aRequestThatFindsNoConnectionKeepsTheTimeAtWhichItWasDue() {
        assertThat(schedule.due(100)).isEmpty();
        assertThat(schedule.due(200)).isEmpty();

        assertThat(schedule.answered("a")).hasValue(100);
        assertThat(schedule.answered("a")).hasValue(200);
    }

    @Test
    void aConnectionWithNothingToSendIsIdleAgain() {
        assertThat(schedule.due(100)).isEmpty();

        assertThat(schedule.answered("a")).hasValue(100);
        assertThat(schedule.answered("a")).isEmpty();
        assertThat(schedule.due(300)).contains("a");
    }
}
