package dev.ebb.proxy.balance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class PeakEwmaTest {

    /// Far from zero, so that a forgotten subtraction shows.
    private static final long START = Long.MAX_VALUE - Duration.ofSeconds(5).toNanos();

    @Test
    void newEndpointCostsTheDefaultRtt() {
        PeakEwma load = new PeakEwma(START);

        assertThat(load.load(START)).isEqualTo((double) PeakEwma.DEFAULT_RTT.toNanos());
    }

    @Test
    void slowResponseRaisesTheCostAtOnce() {
        PeakEwma load = new PeakEwma(START);

        load.responded(millis(500), START);

        assertThat(load.load(START)).isEqualTo((double) millis(500));
    }

    @Test
    void fastResponseLowersTheCostByItsWeight() {
        PeakEwma load = new PeakEwma(START);
        load.responded(millis(500), START);

        long later = START + PeakEwma.DECAY.toNanos();
        load.responded(millis(10), later);

        double kept = Math.exp(-1);
        assertThat(load.load(later))
                .isCloseTo(millis(500) * kept + millis(10) * (1 - kept), within(1.0));
    }

    @Test
    void costDecaysWithoutResponses() {
        PeakEwma load = new PeakEwma(START);

        double later = load.load(START + PeakEwma.DECAY.toNanos());

        assertThat(later).isCloseTo(PeakEwma.DEFAULT_RTT.toNanos() * Math.exp(-1), within(1.0));
    }

    @Test
    void eachPendingRequestAddsTheCostOnce() {
        PeakEwma load = new PeakEwma(START);
        double one = load.load(START);

        load.started();
        load.started();

        assertThat(load.load(START)).isEqualTo(3 * one);
        assertThat(load.pending()).isEqualTo(2);
    }

    @Test
    void endedRequestIsNotPending() {
        PeakEwma load = new PeakEwma(START);
        load.started();

        load.ended();

        assertThat(load.pending()).isZero();
    }

    @Test
    void penaltyDoublesWithEachFailureUpToALimit() {
        PeakEwma load = new PeakEwma(START);

        Duration first = penaltyAfterFailure(load);
        Duration second = penaltyAfterFailure(load);
        for (int i = 0; i < 100; i++) {
            load.failed(START);
        }

        assertThat(first).isEqualTo(PeakEwma.FIRST_PENALTY);
        assertThat(second).isEqualTo(PeakEwma.FIRST_PENALTY.multipliedBy(2));
        assertThat(penaltyAfterFailure(load)).isEqualTo(PeakEwma.LONGEST_PENALTY);
    }

    @Test
    void responseEndsThePenalty() {
        PeakEwma load = new PeakEwma(START);
        load.failed(START);

        load.responded(millis(1), START);

        assertThat(load.isPenalised(START)).isFalse();
        assertThat(penaltyAfterFailure(load)).isEqualTo(PeakEwma.FIRST_PENALTY);
    }

    @Test
    void afterItsPenaltyAFailedEndpointIsNotCheaperThanANewOne() {
        PeakEwma load = new PeakEwma(START);
        load.responded(millis(1), START);
        long decayed = START + Duration.ofMinutes(2).toNanos();

        load.failed(decayed);

        assertThat(load.load(decayed))
                .isGreaterThanOrEqualTo((double) PeakEwma.DEFAULT_RTT.toNanos());
    }

    private static Duration penaltyAfterFailure(PeakEwma load) {
        load.failed(START);
        long until = START;
        while (load.isPenalised(until)) {
            until += millis(100);
        }
        return Duration.ofNanos(until - START);
    }

    private static long millis(long millis) {
        return Duration.ofMillis(millis).toNanos();
    }
}
