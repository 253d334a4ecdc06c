package dev.ebb.cli.demo.report;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final ScenarioResult PLAIN = result("plain", 1204, 96, 0, List.of());
    private static final ScenarioResult EBB =
            result("ebb", 5210, 0, 0, List.of(new ReleaseCheck("web-1", 3000L, 3004L)));

    @Test
    void theTableHasOneColumnAScenario() {
        assertThat(new Report(List.of(PLAIN, EBB)).table())
                .isEqualTo(
                        """
                                           plain     ebb
                        requests           1,204   5,210
                        lost                  96       0
                        duplicated             0       0
                        resent                 0       0
                        restarts               6       6
                        hold, p50         3.00 s  3.00 s
                        hold, max         3.10 s  3.10 s
                        time per restart  5.50 s  5.50 s
                        """);
    }

    @Test
    void theJsonHasExactlyThePromisedFields() {
        assertThat(new Report(List.of(PLAIN, EBB)).json())
                .isEqualTo(
                        """
                        {"scenarios":[{"name":"plain","requests":1204,"lost":96,"duplicated":0,"resent":0,"restarts":6,"hold_p50_ms":3000,"hold_max_ms":3100},{"name":"ebb","requests":5210,"lost":0,"duplicated":0,"resent":0,"restarts":6,"hold_p50_ms":3000,"hold_max_ms":3100}]}
                        """);
    }

    @Test
    void aRunInWhichOnlyPlainLostHasNoProblems() {
        assertThat(new Report(List.of(PLAIN, EBB)).problems()).isEmpty();
    }

    @Test
    void aRunInWhichPlainLostNothingProvesNothing() {
        Report report = new Report(List.of(result("plain", 10, 0, 0, List.of()), EBB));

        assertThat(report.problems()).containsExactly("plain lost nothing (expected: something)");
    }

    @Test
    void everyLossAndEveryDuplicateOfEbbIsAProblem() {
        Report report = new Report(List.of(PLAIN, result("ebb", 10, 1, 2, List.of())));

        assertThat(report.problems())
                .containsExactly("ebb lost 1 of 10 requests", "ebb duplicated 2 requests");
    }

    @Test
    void aReleaseBeforeTheSlowClientAppliedIsAProblem() {
        ReleaseCheck early = new ReleaseCheck("web-2", 3000L, 20L);
        Report report = new Report(List.of(PLAIN, result("ebb", 10, 0, 0, List.of(early))));

        assertThat(report.problems())
                .containsExactly(
                        "web-2 was released (20 ms) before the slow client had applied it (3000 ms)");
    }

    @Test
    void aSlowClientWithoutAnyVoteIsAProblem() {
        Report report = new Report(List.of(PLAIN, result("ebb", 10, 0, 0, 0, List.of())));

        assertThat(report.problems())
                .containsExactly(
                        "ebb: the slow client had no vote in any of 6 departures (expected: one in each), so no release was checked");
    }

    @Test
    void aSlowClientThatIsNotTheSlowestIsNoProblemButIsTold() {
        Report report = new Report(List.of(PLAIN, result("ebb", 10, 0, 0, List.of())));

        assertThat(report.problems()).isEmpty();
        assertThat(report.notes())
                .containsExactly(
                        "ebb: no departure waited for the slow client: another one was slower");
    }

    @Test
    void theNotesTellHowPromptlyTheSlowClientsAcknowledgementReleased() {
        assertThat(new Report(List.of(PLAIN, EBB)).notes())
                .containsExactly(
                        "ebb: 1 departures waited for the slow client; released within 300 ms of its acknowledgement: 1; latest: 4 ms after it");
    }

    @Test
    void scenarioThatWasLeftOutIsNoProblemButIsSaidToProveNothing() {
        Report ebbAlone = new Report(List.of(EBB));
        Report plainAlone = new Report(List.of(result("plain", 10, 2, 0, List.of())));
        Report sleepAlone = new Report(List.of(result("sleep", 10, 2, 0, List.of())));

        assertThat(ebbAlone.notes())
                .contains(
                        "not proved: plain was not run, so nothing shows that this load loses without Ebb");
        assertThat(plainAlone.notes())
                .containsExactly(
                        "not proved: ebb was not run, so nothing shows that Ebb loses nothing");
        assertThat(sleepAlone.notes())
                .containsExactly(
                        "not proved: plain was not run, so nothing shows that this load loses without Ebb; ebb was not run, so nothing shows that Ebb loses nothing");
        assertThat(List.of(ebbAlone, plainAlone, sleepAlone))
                .allMatch(report -> report.problems().isEmpty());
    }

    @Test
    void scenarioThatDidNotFinishIsSaidToProveNothing() {
        assertThat(new Report(List.of(PLAIN), List.of("ebb")).notes())
                .containsExactly(
                        "not proved: ebb did not finish, so nothing shows that Ebb loses nothing");
        assertThat(new Report(List.of(PLAIN, EBB), List.of("sleep")).notes())
                .contains(
                        "not proved: sleep did not finish, so nothing shows what a guessed wait loses");
    }

    private static ScenarioResult result(
            String name, long requests, long lost, long duplicated, List<ReleaseCheck> releases) {
        return result(name, requests, lost, duplicated, 6, releases);
    }

    private static ScenarioResult result(
            String name,
            long requests,
            long lost,
            long duplicated,
            long slowVotes,
            List<ReleaseCheck> releases) {
        return new ScenarioResult(
                name,
                requests,
                lost,
                duplicated,
                0,
                0,
                6,
                Duration.ofSeconds(3),
                Duration.ofMillis(3100),
                Duration.ofMillis(5500),
                slowVotes,
                releases,
                List.of());
    }
}
