package dev.ebb.proxy.departure;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GraceBudgetTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "1000, 0",
        "2000, 0",
        "5000, 500",
        "10000, 3000",
        "30000, 18000",
        "60000, 38000",
        "600000, 398000"
    })
    void holdIsWhatReserveAndApplicationLeave(long graceMillis, long holdMillis) {
        GraceBudget budget = new GraceBudget(Duration.ofMillis(graceMillis));

        assertThat(budget.hold()).isEqualTo(Duration.ofMillis(holdMillis));
    }

    @ParameterizedTest
    @CsvSource({"0, 0", "1000, 500", "2000, 1000", "5000, 3000", "30000, 28000"})
    void lastStreamIsCutBeforeTheKill(long graceMillis, long cutMillis) {
        GraceBudget budget = new GraceBudget(Duration.ofMillis(graceMillis));

        assertThat(budget.cut()).isEqualTo(Duration.ofMillis(cutMillis));
    }

    @Test
    void holdApplicationAndReserveNeverExceedTheGrace() {
        for (int seconds = 4; seconds <= 3_600; seconds++) {
            GraceBudget budget = new GraceBudget(Duration.ofSeconds(seconds));

            Duration used = budget.hold().plus(budget.application()).plusSeconds(2);

            assertThat(used).isLessThanOrEqualTo(budget.grace());
        }
    }

    @Test
    void negativeGraceIsRefused() {
        assertThatThrownBy(() -> new GraceBudget(Duration.ofSeconds(-1)))
                .hasMessage("grace: PT-1S (expected: >= 0s)");
    }
}
