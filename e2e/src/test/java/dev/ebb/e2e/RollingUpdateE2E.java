package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.e2e.cluster.WebService;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// A rolling update under load: two clients in the mesh, one of them slow to learn, and two outside
/// of it, one that connects for each request and one that keeps its connections.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class RollingUpdateE2E {
    private static final int REPLICAS = 3;
    private static final int RESTARTS = 2;
    private static final Duration SLOW = Duration.ofSeconds(2);
    private static final Set<String> MESHED = Set.of("fast", "slow");
    private static final Set<String> PER_REQUEST = Set.of("outside");
    private static final Set<String> KEEP_ALIVE = Set.of("outside-keep-alive");

    @Parameter private Shape shape = Shape.NATIVE;

    /// Re-sending is off, so that the hold is seen alone.
    @Test
    void repeatedRestartsLoseNothing(Scene scene) {
        WebService web = inMesh(scene, REPLICAS, pod -> pod.withoutReSending().asShipped());
        web.outside("outside");
        web.outsideKeepAlive("outside-keep-alive");
        web.awaitLoad();

        for (int i = 0; i < RESTARTS; i++) {
            web.restart();
        }
        web.stopClients();

        Verdict meshed = web.verdict(MESHED);
        Verdict outside = web.verdict(PER_REQUEST);
        List<Departure> departures = web.departures();
        Figures.print("RollingUpdateE2E, " + shape + ": " + RESTARTS + " restarts");
        Figures.print("in the mesh: " + meshed);
        Figures.print("outside, a connection for each request: " + outside);
        Figures.print("outside, keep-alive: " + web.verdict(KEEP_ALIVE));
        Figures.print(Departure.table(departures));
        assertThat(meshed.lost()).as("%s", meshed).isZero();
        assertThat(meshed.duplicated()).isZero();
        assertThat(meshed.unrecorded()).isZero();
        assertThat(outside.lost()).as("%s", outside).isZero();
        assertThat(outside.duplicated()).isZero();
        assertThat(departures)
                .hasSize(RESTARTS * REPLICAS)
                .allSatisfy(Departure::checkTermAfterApplied)
                .allSatisfy(each -> assertThat(each.subscribers()).isEqualTo(MESHED.size()));
    }

    /// The negative control: the same without the hook.
    @Test
    void withoutTheHoldRequestsAreLost(Scene scene) {
        WebService web = inMesh(scene, 2, pod -> pod.withoutReSending().withoutHold());
        web.outside("outside");
        web.awaitLoad();

        int restarts = web.repeatUntilLost(PER_REQUEST, web::restart);
        web.stopClients();

        Verdict meshed = web.verdict(MESHED);
        Verdict outside = web.verdict(PER_REQUEST);
        Figures.print(
                "RollingUpdateE2E, %s, without the hold, restarts: %d; %s; outside, a connection for each request: %s"
                        .formatted(shape, restarts, meshed, outside));
        assertThat(meshed.lost()).isPositive();
        assertThat(outside.lost()).isPositive();
    }

    private WebService inMesh(Scene scene, int replicas, Consumer<PodEdit> edit) {
        WebService web = WebService.create(scene, shape, replicas, edit);
        web.client("fast", edit);
        web.client("slow", edit.andThen(pod -> pod.slow(SLOW)));
        return web;
    }
}
