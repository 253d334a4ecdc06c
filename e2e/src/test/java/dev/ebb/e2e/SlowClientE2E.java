package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.LoadClient;
import dev.ebb.e2e.cluster.Metrics;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.WebService;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The application is told when the slowest client has applied the removal: not before, and not
/// long after. Re-sending is off, but for one client.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class SlowClientE2E {
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final List<Duration> DELAYS =
            List.of(Duration.ofSeconds(5), Duration.ofSeconds(20));
    private static final Duration PROMPT = Duration.ofMillis(300);

    /// From what the slowest client has applied to the TERM: the way of the news to the proxy, the
    /// 3 s at most that it waits for what is still on the wire, and the kubelet's turn.
    private static final Duration TOLD = Duration.ofSeconds(8);

    private static final Duration NOBODY_SLOW = Duration.ofSeconds(3);

    /// How much earlier than the pod the EndpointSlice may say that it leaves.
    private static final Duration AHEAD = Duration.ofMillis(500);

    private static final int ROUNDS = 3;
    private static final int AT_ONCE = 2;
    private static final int CLIENTS = 2;
    private static final String RESENDING = "resending";

    @Parameter private Shape shape = Shape.NATIVE;

    /// All clients are there from the beginning; the slowest goes after each departure.
    @Test
    void theSlowestClientIsWaitedForAndNotLonger(Scene scene) {
        WebService web = WebService.create(scene, shape, 2, SlowClientE2E::settings);
        web.client("fast", SlowClientE2E::settings);
        SequencedMap<Duration, LoadClient> slow = new TreeMap<>();
        for (Duration delay : DELAYS) {
            slow.put(
                    delay,
                    web.client("slow-" + delay.toSeconds(), pod -> settings(pod).slow(delay)));
        }
        web.awaitLoad();
        List<Departure> departures = new ArrayList<>();
        List<Long> toldAfterApplied = new ArrayList<>();

        for (LoadClient slowest : slow.sequencedValues().reversed()) {
            Leaving leaving = Leaving.begin(web, slowest.pod());
            leaving.awaitReplaced();
            departures.addFirst(web.departure(leaving.pod()));
            toldAfterApplied.addFirst(leaving.termAfterAppliedMillis());
            slowest.stop();
        }
        web.stopClients();

        Figures.print("SlowClientE2E, " + shape + ", 5 and 20 s late: " + web.verdict());
        Figures.print(Departure.table(departures));
        Figures.print("TERM - applied, by their own logs (ms): " + toldAfterApplied);
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(web.verdict().duplicated()).isZero();
        assertThat(departures)
                .allSatisfy(Departure::checkTermAfterApplied)
                .allSatisfy(each ->
                        assertThat(each.releaseAfterAppliedMillis().getAsLong())
                                .isLessThanOrEqualTo(PROMPT.toMillis()));
        assertThat(toldAfterApplied)
                .allSatisfy(told -> assertThat(told).isBetween(0L, TOLD.toMillis()));
        for (int i = 0; i < DELAYS.size(); i++) {
            assertThat(untilReleased(departures.get(i)))
                    .isBetween(DELAYS.get(i).minus(AHEAD), DELAYS.get(i).plus(NOBODY_SLOW));
        }
    }

    /// The second client may re-send, and finds nothing that it has to.
    @Test
    void theHoldIsShortWhenNobodyIsSlow(Scene scene) {
        WebService web = WebService.create(scene, shape, 2 * AT_ONCE, SlowClientE2E::settings);
        web.client("first", SlowClientE2E::settings);
        web.client(RESENDING, _ -> {});
        web.awaitLoad();
        double before = resent(scene);

        for (int i = 0; i < ROUNDS; i++) {
            web.delete(AT_ONCE);
        }
        double resent = resent(scene) - before;
        web.stopClients();

        List<Departure> departures = web.departures();
        List<Long> holds =
                departures.stream().map(each -> each.holdMillis().getAsLong()).sorted().toList();
        Figures.print(
                "SlowClientE2E, %s, nobody is slow: hold p50 %d ms, p95 %d ms; %s; re-sent %.0f"
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
        assertThat(holds.getLast()).isLessThanOrEqualTo(NOBODY_SLOW.toMillis());
    }

    /// The negative control.
    @Test
    void withoutTheHoldTheSlowClientLoses(Scene scene) {
        WebService web = WebService.create(scene, shape, 2, pod -> settings(pod).withoutHold());
        web.client("slow", pod -> settings(pod).slow(DELAYS.getFirst()));
        web.awaitLoad();

        web.deleteOne();
        web.stopClients();

        Figures.print("SlowClientE2E, " + shape + ", without the hold: " + web.verdict());
        assertThat(web.verdict().lost()).isPositive();
    }

    /// By the control plane's clock: its news may come before the hook.
    private static Duration untilReleased(Departure departure) {
        var released = departure.report().getReleased();
        return Duration.ofSeconds(released.getSeconds(), released.getNanos());
    }

    private static double resent(Scene scene) {
        return Metrics.sum(scene.admin(RESENDING, "/metrics"), "ebb_resent_total");
    }

    private static PodEdit settings(PodEdit pod) {
        return pod.grace(GRACE).withoutReSending();
    }
}
