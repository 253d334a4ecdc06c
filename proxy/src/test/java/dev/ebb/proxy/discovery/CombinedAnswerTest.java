package dev.ebb.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.discovery.CombinedAnswer.Completeness;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CombinedAnswerTest {

    @ParameterizedTest
    @CsvSource({
        "RELEASED, RELEASED, RELEASED",
        "RELEASED, WAITING, WAITING",
        "WAITING, CANNOT_TELL, WAITING",
        "RELEASED, CANNOT_TELL, CANNOT_TELL",
        "NONE, NONE, NONE",
        "NONE, CANNOT_TELL, NONE",
        "NONE, RELEASED, WAITING",
        "NONE, WAITING, WAITING",
        "CANNOT_TELL, CANNOT_TELL, CANNOT_TELL"
    })
    void replicaThatHoldsLongerCounts(Verdict a, Verdict b, Verdict both) {
        assertThat(combined(Completeness.ALL, a, b)).isEqualTo(both.name());
        assertThat(combined(Completeness.ALL, b, a)).isEqualTo(both.name());
    }

    @ParameterizedTest
    @CsvSource({"RELEASED, WAITING", "WAITING, WAITING", "NONE, NONE", "CANNOT_TELL, nothing yet"})
    void whatOneReplicaHasSeenIsCertainAndAReleaseIsNot(Verdict said, String follows) {
        assertThat(combined(Completeness.MORE_TO_COME, said)).isEqualTo(follows);
    }

    private static String combined(Completeness completeness, Verdict... verdicts) {
        List<ControlAnswer> answers = List.of(verdicts).stream().map(ControlAnswer::of).toList();
        return CombinedAnswer.of(answers, completeness)
                .map(answer -> answer.verdict().name())
                .orElse("nothing yet");
    }
}
