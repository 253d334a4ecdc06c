package dev.ebb.lifecycle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LifecycleTest {

    private final Lifecycle lifecycle = new Lifecycle();

    @Test
    void readyWhenStartedAndEveryLatchIsReleased() {
        ReadinessLatch first = lifecycle.latch("first");
        ReadinessLatch second = lifecycle.latch("second");
        first.release();
        lifecycle.started();
        assertThat(lifecycle.isReady()).isFalse();
        assertThat(lifecycle.waitingFor()).containsExactly("second");

        second.release();

        assertThat(lifecycle.isReady()).isTrue();
        assertThat(lifecycle.phase()).isEqualTo(Phase.READY);
    }

    @Test
    void notReadyBeforeStartedEvenWithoutLatches() {
        assertThat(lifecycle.isReady()).isFalse();

        lifecycle.started();

        assertThat(lifecycle.isReady()).isTrue();
    }

    @Test
    void latchesOfTheSameNameAreSeparate() {
        ReadinessLatch first = lifecycle.latch("same");
        ReadinessLatch second = lifecycle.latch("same");
        lifecycle.started();

        first.release();
        first.release();
        assertThat(lifecycle.isReady()).isFalse();
        second.release();

        assertThat(lifecycle.isReady()).isTrue();
    }

    @Test
    void staysReadyWhileDrainingUntilTheApplicationHasGone() {
        lifecycle.started();
        lifecycle.draining();
        assertThat(lifecycle.isReady()).isTrue();

        lifecycle.applicationGone();

        assertThat(lifecycle.isReady()).isFalse();
    }

    @Test
    void neverReadyIfTheDrainBeganFirst() {
        ReadinessLatch latch = lifecycle.latch("latch");
        lifecycle.draining();

        lifecycle.started();
        latch.release();

        assertThat(lifecycle.isReady()).isFalse();
        assertThat(lifecycle.phase()).isEqualTo(Phase.DRAINING);
    }

    @Test
    void theDrainBeginsOnce() {
        lifecycle.started();

        assertThat(lifecycle.draining()).isTrue();
        assertThat(lifecycle.draining()).isFalse();
    }

    @Test
    void stopsAfterADrain() {
        lifecycle.started();
        lifecycle.draining();

        lifecycle.stopped();

        assertThat(lifecycle.phase()).isEqualTo(Phase.STOPPED);
        assertThat(lifecycle.isReady()).isFalse();
        assertThat(lifecycle.draining()).isFalse();
    }

    @Test
    void aReadyProcessDoesNotStopWithoutADrain() {
        lifecycle.started();

        assertThatThrownBy(lifecycle::stopped)
                .hasMessage("phase: READY -> STOPPED (expected: DRAINING between)");
    }

    @Test
    void aFailedStartStops() {
        lifecycle.stopped();

        lifecycle.started();

        assertThat(lifecycle.phase()).isEqualTo(Phase.STOPPED);
        assertThat(lifecycle.isReady()).isFalse();
    }

    @Test
    void aLatchMadeAfterTheStartIsRefused() {
        lifecycle.started();

        assertThatThrownBy(() -> lifecycle.latch("late"))
                .hasMessage("latch late: made too late (expected: before started())");
    }
}
