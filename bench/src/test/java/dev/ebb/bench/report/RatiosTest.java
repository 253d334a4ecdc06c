package dev.ebb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class RatiosTest {

    @Test
    void aRatioIsTheMedianOfTheRatiosWithinEachRound() {
        Ratios ratios = Ratios.between(Examples.EBB, Examples.ENVOY);

        // Per round: 16/40, 20/80, 18/36. The ratio of the two medians would be 18/40.
        assertThat(ratios.cpu()).isEqualTo(0.4);
        assertThat(ratios.requestsPerSecond()).isEqualTo(2.0);
        assertThat(ratios.p99()).isEqualTo(0.5);
    }

    @Test
    void memoryAndExitHaveNoRounds() {
        Ratios ratios = Ratios.between(Examples.EBB, Examples.ENVOY);

        assertThat(ratios.resident()).isEqualTo(0.7);
        assertThat(ratios.residentAfterBurst()).isEqualTo(0.72);
        assertThat(ratios.exit()).isEqualTo(4.4);
    }

    @Test
    void theMedianOfAnEvenNumberIsTheMeanOfTheMiddleTwo() {
        assertThat(Median.of(DoubleStream.of(9, 1, 3, 2))).isEqualTo(2.5);
        assertThat(Median.of(DoubleStream.empty())).isNaN();
    }

    @Test
    void withoutEbbThereAreNoRatiosAndNoAims() {
        List<Figures> peers = List.of(Examples.ENVOY, Examples.HAPROXY);

        assertThat(Result.ratiosOf(peers)).isEmpty();
        assertThat(Result.aimsOf(peers)).isEmpty();
    }

    @Test
    void anAimIsMetAtItsLimit() {
        assertThat(new Aim("x", 0.5, 0.5).met()).isTrue();
        assertThat(new Aim("x", 0.5, 0.51).met()).isFalse();
        assertThat(new Aim("x", 0.5, Double.NaN).met()).isFalse();
    }
}
