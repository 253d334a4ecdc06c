package dev.ebb.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.inspect.DeparturesReport.VoteLine;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// What the hold promises, and what is lost without it, by the product's own programs: real
/// proxies, the real control plane, TERM, a client that never re-sends, and the replicas' own
/// records. Nothing is re-sent by the proxies either, so that the hold is judged alone.
///
/// All tests have one control plane and its clients, each a service of its own: what a control
/// plane knows of one destination has no part in another's.
@Execution(ExecutionMode.CONCURRENT)
class MeshHoldIT {
    private static final Duration LAG = Duration.ofSeconds(1);

    /// Longer than a departing proxy waits for requests that may be on the wire (1 s).
    private static final Duration LONG_LAG = Duration.ofSeconds(3);

    /// From TERM at `ebb-await` to the application's, beside the hold itself.
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final int SOME = 100;
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    @TempDir private static Path directory;
    private static ProcessMesh mesh;

    @BeforeAll
    static void start() {
        mesh = new ProcessMesh(directory, LAG, Map.of("EBB_PROXY_RESEND", "disabled"));
    }

    @AfterAll
    static void stop() {
        mesh.close();
    }

    @Test
    void twoReplicasThatLeaveAtOnceAreReleasedWhenTheSlowClientHasAppliedAndLoseNothing()
            throws Exception {
        MeshService two = mesh.service("two", Map.of());
        two.serve(3, mesh.fast(), mesh.slow());
        Load load = two.load();
        two.awaitOutcomes(SOME);

        List<Restart> both = leaveTogether(two);
        two.awaitOutcomes(SOME);

        for (int i = 0; i < both.size(); i++) {
            Departure departure = released(two, i, "released");
            assertThat(departure.releasedMs()).isGreaterThanOrEqualTo(applied(departure, "slow"));
        }
        for (Restart restart : both) {
            assertThat(restart.hold()).isBetween(LAG, LAG.plus(SLACK));
        }
        assertNothingLost(two.judge(load));
    }

    @Test
    void withoutTheHoldTwoReplicasThatLeaveAtOnceLoseRequests() throws Exception {
        MeshService told = mesh.service("told", Map.of("EBB_PROXY_HOLD", "disabled"));
        told.serve(3, mesh.fast(), mesh.slow());
        Load load = told.load();
        told.awaitOutcomes(SOME);

        leaveTogether(told);
        told.awaitLost();

        assertThat(told.judge(load).lost()).isPositive();
        released(told, 0, "\"not held\"");
        released(told, 1, "\"not held\"");
    }

    @Test
    void subscriberThatAcknowledgesTooEarlyLosesRequests() throws Exception {
        // Longer than a departing proxy waits for requests that may be on the wire.
        Duration lag = LONG_LAG.multipliedBy(2);
        Mesh.Client liar = mesh.client("client-early", lag, Acknowledgements.TOO_EARLY);
        MeshService early = mesh.service("early", Map.of());
        early.serve(2, liar);
        Load load = early.load();
        early.awaitOutcomes(SOME);

        Restart restart = early.leave(early.replica(0));
        early.awaitLost();

        assertThat(early.judge(load).lost()).isPositive();
        assertThat(restart.hold()).isLessThan(lag);
        Departure departure = released(early, 0, "released");
        assertThat(applied(departure, "early")).isLessThan(LAG.toMillis());
    }

    @Test
    void subscriberThatNeverAnswersIsWaitedForUntilTheBudgetAndNamed() throws Exception {
        Mesh.Client mute = mesh.client("client-mute", Duration.ZERO, Acknowledgements.NEVER);
        // Of which the hold may use 5.5 s.
        MeshService budget = mesh.service("budget", Map.of("EBB_PROXY_GRACE", "15s"));
        budget.serve(2, mesh.fast(), mute);
        Load load = budget.load();
        budget.awaitOutcomes(SOME);

        Restart restart = budget.leave(budget.replica(0));
        budget.awaitOutcomes(SOME);

        Departure departure = released(budget, 0, "budget");
        assertThat(restart.hold()).isBetween(Duration.ofMillis(5_400), Duration.ofMillis(7_500));
        assertNothingLost(budget.judge(load));
        assertThat(departure.votes())
                .filteredOn(vote -> vote.appliedMs() == null)
                .extracting(VoteLine::subscriber)
                .containsExactly("client-mute");
    }

    @Test
    void instanceThatIsItsOwnClientVotesAndIsReleasedAndLosesNothing() throws Exception {
        MeshService own = mesh.service("own", Map.of());
        own.serve(2);
        MeshReplica itself = own.replica(0);
        own.call(new Mesh.Client(itself.name(), itself.proxy(), itself.outbound(), itself.admin()));
        Load load = own.load();
        own.awaitOutcomes(SOME);

        String answer = MeshService.hold(itself);
        own.awaitOutcomes(SOME);
        ScenarioResult result = own.judge(load);
        own.leave(itself);

        assertNothingLost(result);
        assertThat(own.answeredBy(itself)).isPositive();
        assertThat(answer).contains("\"reason\":\"released\"");
        assertThat(own.departure(itself).votes())
                .filteredOn(vote -> vote.appliedMs() != null)
                .extracting(VoteLine::subscriber)
                .containsExactly(itself.name());
    }

    @Test
    void lastReplicaIsHeldUntilTheReplacementThatIsComingServesAndLosesNothing() throws Exception {
        MeshService next = mesh.service("next", Map.of());
        next.serve(1, mesh.fast(), mesh.slow());
        Mesh.Alone coming = next.coming();
        Load load = next.load();
        next.awaitOutcomes(SOME);

        var leaving = CompletableFuture.supplyAsync(() -> next.leave(next.replica(0)), VIRTUAL);
        // Alone it would be released after one second, and the slow client's.
        Departure waiting =
                next.awaitDeparture(
                        next.replica(0), departure -> departure.ageMs() > LONG_LAG.toMillis());
        next.open(coming);
        Restart restart = leaving.get(60, TimeUnit.SECONDS);
        next.awaitOutcomes(SOME);

        assertThat(waiting.state()).isEqualTo("waiting");
        assertThat(waiting.reason()).contains("replacement");
        assertThat(restart.hold()).isGreaterThan(LONG_LAG);
        released(next, 0, "released");
        assertNothingLost(next.judge(load));
        assertThat(next.answeredBy(next.replica(1))).isPositive();
    }

    @Test
    void lastReplicaWithoutAReplacementServesUntilItIsToldAndThenFailsClearly() throws Exception {
        MeshService last = mesh.service("last", Map.of());
        last.serve(1, mesh.fast());
        Load load = last.load();
        last.awaitOutcomes(SOME);

        Restart restart = last.leave(last.replica(0));
        last.awaitOutcomes(2 * SOME);
        ScenarioResult result = last.judge(load);

        Departure departure = released(last, 0, "no_other_endpoint");
        assertThat(departure.votes()).hasSize(1).allMatch(VoteLine::lastResort);
        assertThat(result.duplicated()).isZero();
        assertThat(result.unrecorded()).isZero();
        assertThat(restart.hold())
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(1).plus(SLACK));
        assertThat(last.lost()).allMatch(request -> end(request) >= restart.term());
        assertThat(last.lost())
                .filteredOn(request -> request.sentMillis() > restart.gone())
                .isNotEmpty()
                .extracting(RequestRecord::outcome)
                .containsOnly(new Outcome.Lost("HTTP/1.1 503 Service Unavailable (no_endpoint)"));
    }

    private static List<Restart> leaveTogether(MeshService service) throws Exception {
        var other = CompletableFuture.supplyAsync(() -> service.leave(service.replica(1)), VIRTUAL);
        Restart one = service.leave(service.replica(0));
        return List.of(one, other.get(60, TimeUnit.SECONDS));
    }

    private static void assertNothingLost(ScenarioResult result) {
        assertThat(result.reasons()).isEmpty();
        assertThat(result.lost()).isZero();
        assertThat(result.duplicated()).isZero();
        assertThat(result.unrecorded()).isZero();
        assertThat(result.resent()).isZero();
        assertThat(result.requests()).isGreaterThanOrEqualTo(2 * SOME);
    }

    /// What the control plane tells of a departure that ended for this reason, by the proxy's own
    /// ledger.
    private static Departure released(MeshService service, int position, String reason) {
        MeshReplica replica = service.replica(position);
        assertThat(service.log(replica.name())).contains(" releaseReason=" + reason + " ");
        Departure departure = service.departure(replica);
        assertThat(departure.votes())
                .as("votes; those of the living lapse where a machine stands still for 3 s")
                .noneMatch(VoteLine::lapsed);
        return departure;
    }

    /// When a client had applied the removal, in milliseconds since the departure began.
    private static long applied(Departure departure, String client) {
        return departure.votes().stream()
                .filter(vote -> vote.subscriber().equals("client-" + client))
                .map(VoteLine::appliedMs)
                .filter(Objects::nonNull)
                .mapToLong(Long::longValue)
                .max()
                .orElseThrow();
    }

    private static long end(RequestRecord request) {
        return request.sentMillis() + request.tookMillis();
    }
}
