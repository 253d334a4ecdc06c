package dev.ebb.cli.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// The control plane is killed and started again around departures, with the slow client present:
/// real processes, KILL, TERM, a client that never re-sends, and the replicas' own records.
///
/// Each departure is told a while after the load begins, at its own distance from the KILL. Nobody
/// can tell any of them whether it is released, so each is held for the safe minimum. Two meshes at
/// a time: they mostly wait.
@Execution(ExecutionMode.CONCURRENT)
class ControlPlaneRestartIT {
    /// The default, and the warm-up's.
    private static final Duration SAFE_MINIMUM = Duration.ofSeconds(10);

    /// For the case in which a client that does not listen to the departing instance has to hear of
    /// it from the next control plane: a JVM that starts beside twenty others may take most of ten
    /// seconds.
    private static final Duration PATIENCE = SAFE_MINIMUM.multipliedBy(2);

    /// For the way of TERM to the proxy and back, on a machine that does other things as well.
    private static final Duration SLACK = Duration.ofSeconds(2);

    private static final Duration LAG = Duration.ofSeconds(1);
    private static final Duration LEAD = Duration.ofSeconds(1);

    @TempDir private Path directory;

    /// Re-sending is off, so that the hold is seen alone.
    @Test
    void controlPlaneThatIsStartedAgainAtOnceMeansTheSafeMinimumAndNothingIsLost()
            throws Exception {
        Map<String, String> patient =
                withoutReSending(
                        "EBB_PROXY_SAFE_MINIMUM",
                        PATIENCE.toSeconds() + "s",
                        "EBB_PROXY_GRACE",
                        "60s");
        try (ProcessMesh mesh = new ProcessMesh(directory, LAG, patient)) {
            MeshService web = mesh.service("web", Map.of());
            web.serve(3, mesh.fast(), mesh.slow());
            Load load = web.load();

            var before = leave(web, 0, LEAD);
            var kill = at(LEAD.plusMillis(1_000), mesh::killControlPlane);
            // Its warm-up is longer than the hold, as in production: no hold ends with a release.
            var start = kill.thenRun(() -> mesh.startControlPlane(PATIENCE.plusSeconds(5)));
            var together = leave(web, 1, LEAD.plusMillis(1_000));
            await(List.of(start, before, together));

            assertHeldFor(PATIENCE, web, before.join(), together.join());
            assertNothingLost(web, load);
        }
    }

    /// Longer than a client can make good within the safe minimum, with the start of a JVM: what
    /// helps it is that it is connected, and that the departing instance itself tells it. A client
    /// that does not re-send does not listen to that, so re-sending is on, and nothing is re-sent.
    @Test
    void controlPlaneThatIsAwayForTwoSecondsMeansTheSafeMinimumAndNothingIsLost() throws Exception {
        try (ProcessMesh mesh = new ProcessMesh(directory, LAG, Map.of())) {
            MeshService web = mesh.service("web", Map.of());
            web.serve(5, mesh.fast(), mesh.slow());
            Load load = web.load();

            var before = leave(web, 0, LEAD);
            var kill = at(LEAD.plusMillis(1_000), mesh::killControlPlane);
            var together = leave(web, 1, LEAD.plusMillis(1_000));
            var away = leave(web, 2, LEAD.plusMillis(2_000));
            var start = at(LEAD.plusMillis(3_000), () -> mesh.startControlPlane(SAFE_MINIMUM));
            var after = leave(web, 3, LEAD.plusMillis(4_500));
            await(List.of(kill, start, before, together, away, after));

            assertHeldFor(SAFE_MINIMUM, web, before.join(), together.join(), away.join());
            // Its hold may end a little sooner, when the fresh control plane has warmed up.
            assertThat(after.join().hold()).isBetween(LAG, SAFE_MINIMUM.plus(SLACK));
            assertNothingLost(web, load);
        }
    }

    /// The same with a slow client that is slower, and a control plane that is away for longer.
    @Test
    void controlPlaneThatIsAwayForFiveSecondsLosesNothingOfConnectedClients() throws Exception {
        try (ProcessMesh mesh = new ProcessMesh(directory, LAG.multipliedBy(3), Map.of())) {
            MeshService web = mesh.service("web", Map.of());
            web.serve(3, mesh.fast(), mesh.slow());
            Load load = web.load();

            var before = leave(web, 0, LEAD);
            var kill = at(LEAD.plusMillis(1_000), mesh::killControlPlane);
            var away = leave(web, 1, LEAD.plusMillis(3_000));
            var start = at(LEAD.plusMillis(6_000), () -> mesh.startControlPlane(SAFE_MINIMUM));
            await(List.of(kill, start, before, away));

            assertHeldFor(SAFE_MINIMUM, web, before.join(), away.join());
            assertNothingLost(web, load);
        }
    }

    @Test
    void withoutTheSafeMinimumRequestsAreLost() throws Exception {
        Map<String, String> settings = withoutReSending("EBB_PROXY_SAFE_MINIMUM", "0");
        try (ProcessMesh mesh = new ProcessMesh(directory, LAG.multipliedBy(3), settings)) {
            MeshService web = mesh.service("web", Map.of());
            web.serve(3, mesh.fast(), mesh.slow());
            Load load = web.load();

            var kill = at(LEAD, mesh::killControlPlane);
            var together = leave(web, 0, LEAD);
            var away = leave(web, 1, LEAD.plusMillis(1_000));
            await(List.of(kill, together, away));

            assertThat(together.join().hold()).isLessThan(SAFE_MINIMUM);
            assertThat(web.judge(load).lost()).isPositive();
        }
    }

    private static void assertHeldFor(Duration minimum, MeshService web, Restart... restarts) {
        for (Restart restart : restarts) {
            assertThat(restart.hold())
                    .as(restart.replica())
                    .isBetween(minimum, minimum.plus(SLACK));
            assertThat(web.log(restart.replica()))
                    .contains("releaseReason=\"safe minimum\"")
                    .contains("lost={}");
        }
    }

    private static void assertNothingLost(MeshService web, Load load) throws Exception {
        ScenarioResult result = web.judge(load);
        assertThat(result.reasons()).isEmpty();
        assertThat(result.lost()).isZero();
        assertThat(result.duplicated()).isZero();
        assertThat(result.unrecorded()).isZero();
        assertThat(result.resent()).isZero();
        assertThat(result.requests()).isGreaterThan(1_000);
    }

    /// Settings beside the one that switches re-sending off.
    private static Map<String, String> withoutReSending(String... settings) {
        Map<String, String> all = new HashMap<>(Map.of("EBB_PROXY_RESEND", "disabled"));
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return all;
    }

    private static CompletableFuture<Restart> leave(MeshService web, int replica, Duration at) {
        return CompletableFuture.supplyAsync(() -> web.leave(web.replica(replica)), after(at));
    }

    private static CompletableFuture<Void> at(Duration at, Runnable event) {
        return CompletableFuture.runAsync(event, after(at));
    }

    private static Executor after(Duration at) {
        return CompletableFuture.delayedExecutor(
                at.toMillis(), TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task));
    }

    private static void await(List<CompletableFuture<?>> events) throws Exception {
        CompletableFuture.allOf(events.toArray(CompletableFuture[]::new)).get(90, TimeUnit.SECONDS);
    }
}
