package dev.ebb.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinedAnswerTest {

    @ParameterizedTest
    @CsvSource({
        "RELEASED, RELEASED, RELEASED",
        "RELEASED, WAITING, WAITING",
        "WAITING, CANNOT_TELL, CANNOT_TELL",
        "RELEASED, CANNOT_TELL, CANNOT_TELL",
        "NONE, NONE, NONE",
        "NONE, RELEASED, RELEASED"
    })
    void replicaThatHoldsLongerCounts(Verdict a, Verdict b, Verdict both) {
        ControlAnswer one = ControlAnswer.of(a);
        ControlAnswer other = ControlAnswer.of(b);

        assertThat(CombinedAnswer.of(one, other).verdict()).isEqualTo(both);
        assertThat(CombinedAnswer.of(other, one).verdict()).isEqualTo(both);
    }
}
