package dev.ebb.proxy.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.discovery.CombinedAnswer.Completeness;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
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

    @Test
    void whoKnowsOfADeletionOutweighsWhoHasSeenTheInstanceAlive() {
        ControlAnswer deleted = deleted(Verdict.CANNOT_TELL);

        assertThat(verdict(List.of(ControlAnswer.of(Verdict.NONE), deleted)))
                .isEqualTo(Verdict.WAITING);
        assertThat(verdict(List.of(ControlAnswer.of(Verdict.RELEASED), deleted)))
                .isEqualTo(Verdict.CANNOT_TELL);
    }

    private static Verdict verdict(List<ControlAnswer> answers) {
        return CombinedAnswer.of(answers, Completeness.ALL).orElseThrow().verdict();
    }

    private static ControlAnswer deleted(Verdict verdict) {
        return new ControlAnswer(
                verdict,
                List.of(),
                0,
                "",
                List.of(),
                OtherEndpoints.EXIST,
                Application.UNKNOWN,
                Optional.of(new Deletion(Optional.empty(), List.of())));
    }

    private static String combined(Completeness completeness, Verdict... verdicts) {
        List<ControlAnswer> answers = List.of(verdicts).stream().map(ControlAnswer::of).toList();
        return CombinedAnswer.of(answers, completeness)
                .map(answer -> answer.verdict().name())
                .orElse("nothing yet");
    }
}
