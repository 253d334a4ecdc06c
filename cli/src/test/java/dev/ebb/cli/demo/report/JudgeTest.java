package dev.ebb.cli.demo.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.DeparturesReport.VoteLine;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The negative controls of the judge: whatever a client hides must show.
class JudgeTest {
    @Test
    void whatWasAnsweredAndSeenOnceIsNeitherLostNorDuplicated() {
        ScenarioResult result = judge(List.of(answered("a")), List.of(seen("web-1", "a")));

        assertThat(result.requests()).isEqualTo(1);
        assertThat(result.lost()).isZero();
        assertThat(result.duplicated()).isZero();
        assertThat(result.unrecorded()).isZero();
    }

    @Test
    void aClientThatHidesARetryIsCaughtByTheOriginsRecords() {
        ScenarioResult result =
                judge(
                        List.of(answered("a"), answered("b")),
                        List.of(seen("web-1", "a"), seen("web-2", "a"), seen("web-2", "b")));

        assertThat(result.lost()).isZero();
        assertThat(result.duplicated()).isEqualTo(1);
    }

    @Test
    void aRetryAtTheSameOriginIsCaughtToo() {
        ScenarioResult result =
                judge(List.of(answered("a")), List.of(seen("web-1", "a"), seen("web-1", "a")));

        assertThat(result.duplicated()).isEqualTo(1);
    }

    @Test
    void anInventedAnswerIsCaught() {
        ScenarioResult result = judge(List.of(answered("a")), List.of());

        assertThat(result.unrecorded()).isEqualTo(1);
    }

    @Test
    void aRequestThatWorkedButWasNotAnsweredIsLost() {
        ScenarioResult result =
                judge(List.of(lost("a", "cut"), lost("b", "cut")), List.of(seen("web-1", "a")));

        assertThat(result.lost()).isEqualTo(2);
        assertThat(result.reasons()).containsExactly("2 × cut");
    }

    @Test
    void twoRequestsOfOneIdAreNoEvidence() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> judge(List.of(answered("a"), answered("a")), List.of()));
    }

    @Test
    void holdsAreCountedFromBeingToldToTerm() {
        List<Restart> restarts = List.of(restart(100), restart(5000), restart(300));

        ScenarioResult result =
                Judge.judge(new Facts("ebb", List.of(), List.of(), restarts, List.of(), 3));

        assertThat(result.holdP50()).isEqualTo(Duration.ofMillis(300));
        assertThat(result.holdMax()).isEqualTo(Duration.ofSeconds(5));
        assertThat(result.restarts()).isEqualTo(3);
        assertThat(result.resent()).isEqualTo(3);
        assertThat(result.timePerRestart()).isEqualTo(Duration.ofSeconds(6));
    }

    @Test
    void aReleaseBeforeTheSlowClientAppliedIsFound() {
        assertThat(check(3000L, 2999L, 10L)).matches(check -> !check.isSafe());
        assertThat(check(null, 2999L, 10L)).matches(check -> !check.isSafe());
        assertThat(check(3000L, null, 10L)).matches(check -> !check.isSafe());
        assertThat(check(3000L, 3000L, 10L)).matches(ReleaseCheck::isPrompt);
        assertThat(check(3000L, 3300L, 10L)).matches(ReleaseCheck::isPrompt);
        assertThat(check(3000L, 3301L, 10L))
                .matches(ReleaseCheck::isSafe)
                .matches(c -> !c.isPrompt());
    }

    @Test
    void aDepartureThatWaitedForAnotherClientIsNotChecked() {
        Departure departure = departure(3000L, 3600L, 3500L);

        assertThat(ReleaseCheck.of(departure)).isEmpty();
    }

    @Test
    void departuresInWhichTheSlowClientHadAVoteAreCounted() {
        Departure asked = departure(3000L, 3600L, 3500L);
        List<VoteLine> others = asked.votes().subList(0, 1);
        Departure unasked =
                new Departure(
                        "web-2",
                        "uid-2",
                        "HOLD",
                        "released",
                        "",
                        9000,
                        20L,
                        0,
                        List.of(),
                        others,
                        null);

        ScenarioResult result =
                Judge.judge(
                        new Facts(
                                "ebb",
                                List.of(),
                                List.of(),
                                List.of(),
                                List.of(asked, unasked),
                                0));

        assertThat(result.slowVotes()).isEqualTo(1);
        assertThat(result.releases()).isEmpty();
    }

    private static ReleaseCheck check(
            @Nullable Long slowApplied, @Nullable Long released, @Nullable Long fastApplied) {
        return ReleaseCheck.of(departure(slowApplied, released, fastApplied)).orElseThrow();
    }

    static Departure departure(
            @Nullable Long slowApplied, @Nullable Long released, @Nullable Long fastApplied) {
        return new Departure(
                "web-1",
                "uid-1",
                "HOLD",
                "released",
                "",
                9000,
                released,
                0,
                List.of(),
                List.of(
                        new VoteLine("client-fast", "web.demo:80", fastApplied, false, false),
                        new VoteLine("client-slow", "web.demo:80", slowApplied, false, false)),
                null);
    }

    static Restart restart(long hold) {
        return new Restart("web-1", 1000, 1001, 1000 + hold, 1000 + hold, 6500, 6600, 7000);
    }

    static RequestRecord answered(String id) {
        return new RequestRecord(id, "client-fast", "GET", 0, 1, 2, new Outcome.Answered("web-1"));
    }

    static RequestRecord lost(String id, String reason) {
        return new RequestRecord(id, "client-slow", "POST", 10, 1, 2, new Outcome.Lost(reason));
    }

    private static OriginEntry seen(String replica, String id) {
        return new OriginEntry(replica, 1, id);
    }

    private static ScenarioResult judge(List<RequestRecord> requests, List<OriginEntry> origins) {
        return Judge.judge(new Facts("ebb", requests, origins, List.of(), List.of(), 0));
    }
}
