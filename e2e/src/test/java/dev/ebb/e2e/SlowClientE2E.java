package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.LoadClient;
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
/// long after. Re-sending is off.
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

    private static final Duration LATE = Duration.ofSeconds(3);

    /// How much earlier than the pod the EndpointSlice may say that it leaves.
    private static final Duration AHEAD = Duration.ofMillis(500);

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
                    .isBetween(DELAYS.get(i).minus(AHEAD), DELAYS.get(i).plus(LATE));
        }
    }

    /// The negative control.
    @Test
    void withoutTheHoldTheSlowClientLoses(Scene scene) {
        WebService web = WebService.create(scene, shape, 2, pod -> settings(pod).withoutHold());
        web.client("slow", pod -> settings(pod).slow(DELAYS.getFirst()));
        web.awaitLoad();

        Leaving.begin(web, "slow").awaitReplaced();
        web.stopClients();

        Figures.print("SlowClientE2E, " + shape + ", without the hold: " + web.verdict());
        assertThat(web.verdict().lost()).isPositive();
    }

    /// By the control plane's clock: its news may come before the hook.
    private static Duration untilReleased(Departure departure) {
        var released = departure.report().getReleased();
        return Duration.ofSeconds(released.getSeconds(), released.getNanos());
    }

    private static PodEdit settings(PodEdit pod) {
        return pod.grace(GRACE).withoutReSending();
    }
}
