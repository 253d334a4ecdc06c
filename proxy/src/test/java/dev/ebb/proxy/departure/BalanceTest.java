package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proxy.departure.RequestCounts.Snapshot;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;
import org.junit.jupiter.api.Test;

class BalanceTest {

    private final RequestCounts counts = new RequestCounts();

    @Test
    void everyRequestIsInTheBalance() {
        counts.accepted();
        counts.accepted();
        counts.answered();
        Snapshot began = counts.snapshot();
        times(6, counts::accepted);
        times(2, counts::answered);
        counts.handedBack();
        counts.abandoned();
        counts.cut();
        times(2, () -> counts.lost("upstream-reset"));

        Balance balance = Balance.between(began, counts.snapshot());

        assertThat(balance).isEqualTo(new Balance(1, 6, 2, 1, 1, 1, Map.of("upstream-reset", 2L)));
    }

    @Test
    void requestWhoseEndNobodyCountedIsLost() {
        Snapshot began = counts.snapshot();
        counts.accepted();

        Balance balance = Balance.between(began, counts.snapshot());

        assertThat(balance.lost()).containsExactly(Map.entry(Balance.UNACCOUNTED, 1L));
    }

    @Test
    void whatWasLostBeforeTheDepartureIsNotItsLoss() {
        counts.accepted();
        counts.lost("upstream-reset");

        Balance balance = Balance.between(counts.snapshot(), counts.snapshot());

        assertThat(balance.lost()).isEmpty();
    }

    @Test
    void reasonsAreBounded() {
        for (int i = 0; i < 1_000; i++) {
            counts.accepted();
            counts.lost("reason-" + i);
        }

        assertThat(counts.snapshot().lost()).hasSizeLessThanOrEqualTo(33).containsKey("other");
    }

    @Test
    void unbalancedLedgerCannotBeMade() {
        assertThatThrownBy(() -> new Balance(1, 1, 1, 0, 0, 0, Map.of()))
                .hasMessage("ledger: 2 came, 1 ended (expected: the same number)");
    }

    @RepeatedTest(50)
    void equationHoldsForAnyHistory(RepetitionInfo repetition) {
        Random random = new Random(repetition.getCurrentRepetition());
        history(random);
        Snapshot began = counts.snapshot();
        history(random);

        Balance balance = Balance.between(began, counts.snapshot());

        assertThat(balance.inFlight() + balance.accepted())
                .isEqualTo(
                        balance.answered()
                                + balance.handedBack()
                                + balance.abandoned()
                                + balance.cut()
                                + balance.lost().values().stream().mapToLong(n -> n).sum());
    }

    private void history(Random random) {
        int accepted = random.nextInt(200);
        times(accepted, counts::accepted);
        for (int i = 0; i < accepted; i++) {
            switch (random.nextInt(6)) {
                case 0 -> counts.answered();
                case 1 -> counts.handedBack();
                case 2 -> counts.abandoned();
                case 3 -> counts.cut();
                case 4 -> counts.lost("r" + random.nextInt(3));
                default -> {}
            }
        }
    }

    private static void times(int n, Runnable action) {
        for (int i = 0; i < n; i++) {
            action.run();
        }
    }
}
