package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Metrics;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.WebService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// Nobody is slow: the hold is short, and nothing has to be sent again. No other test runs beside
/// it, whose pods that start would be measured, too. `SlowClientE2E` and `ControlPlaneAwayE2E` have
/// the controls.
@Isolated
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class ShortHoldE2E {
    private static final Duration SHORT = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final int ROUNDS = 3;
    private static final int AT_ONCE = 2;
    private static final int CLIENTS = 2;
    private static final String RESENDING = "resending";

    @Parameter private Shape shape = Shape.NATIVE;

    /// The second client may re-send, and finds nothing that it has to.
    @Test
    void theHoldIsShortWhenNobodyIsSlow(Scene scene) {
        WebService web = WebService.create(scene, shape, 2 * AT_ONCE, ShortHoldE2E::settings);
        web.client("first", ShortHoldE2E::settings);
        web.client(RESENDING, _ -> {});
        web.awaitLoad();
        double before = resent(scene);

        for (int i = 0; i < ROUNDS; i++) {
            web.deleteAny(AT_ONCE);
        }
        double resent = resent(scene) - before;
        web.stopClients();

        List<Departure> departures = web.departures();
        List<Long> holds =
                departures.stream().map(each -> each.holdMillis().getAsLong()).sorted().toList();
        Figures.print(
                "ShortHoldE2E, %s, nobody is slow: hold p50 %d ms, p95 %d ms; %s; re-sent %.0f"
                        .formatted(
                                shape,
                                holds.get((holds.size() - 1) / 2),
                                holds.getLast(),
                                web.verdict(),
                                resent));
        Figures.print(Departure.table(departures));
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(departures)
                .hasSize(ROUNDS * AT_ONCE)
                .allSatisfy(Departure::checkTermAfterApplied)
                .allSatisfy(each -> assertThat(each.subscribers()).isEqualTo(CLIENTS));
        assertThat(resent).as("re-sent").isZero();
        assertThat(holds.getLast()).isLessThanOrEqualTo(SHORT.toMillis());
    }

    private static double resent(Scene scene) {
        return Metrics.sum(scene.admin(RESENDING, "/metrics"), "ebb_resent_total");
    }

    private static PodEdit settings(PodEdit pod) {
        return pod.grace(GRACE).withoutReSending();
    }
}
