package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.ControlPlane;
import dev.ebb.e2e.cluster.Crash;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// Two replicas of the control plane that know nothing of each other: the leaving pod is at one,
/// the slow subscriber at the other. Both shapes at a time; re-sending is off throughout.
@ExtendWith(Cluster.class)
final class TwoReplicasE2E {
    private static final Duration SLOW = Duration.ofSeconds(6);
    private static final Duration SAFE_MINIMUM = Duration.ofSeconds(10);
    private static final Duration LATE = Duration.ofSeconds(3);

    /// The leaving pod's own replica has nobody to wait for after a moment; the other has.
    @Test
    void subscriberOfTheOtherReplicaIsWaitedFor(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        Replicas replicas =
                Replicas.prepare(controlPlane, inNative, inPlain, PodEdit::withoutReSending);

        List<Leaving> leaving = replicas.webs().stream().map(TwoReplicasE2E::begin).toList();
        leaving.forEach(Leaving::awaitReplaced);
        replicas.webs().forEach(WebService::stopClients);

        for (Leaving each : leaving) {
            Departure.Release release = release(each, "both live");
            assertThat(release.reason()).isEqualTo("released");
            check(each);
        }
    }

    /// Nobody speaks for the subscribers of the replica that is lost: the other's word alone
    /// releases nothing before the safe minimum, in which the slow subscriber hears what its
    /// replica had said.
    @Test
    void replicaThatIsKilledInMidHoldMeansTheSafeMinimum(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        Replicas replicas =
                Replicas.prepare(controlPlane, inNative, inPlain, PodEdit::withoutReSending);
        Crash crash = Crash.prepare(inNative, replicas.other());

        List<Leaving> leaving = replicas.webs().stream().map(TwoReplicasE2E::begin).toList();
        leaving.forEach(TwoReplicasE2E::awaitHold);
        crash.strike();
        leaving.forEach(Leaving::awaitReplaced);
        replicas.webs().forEach(WebService::stopClients);

        for (Leaving each : leaving) {
            Departure.Release release = release(each, "one killed in mid-hold");
            assertThat(release.reason()).isEqualTo("safe minimum");
            assertThat(release.holdMillis())
                    .isBetween(SAFE_MINIMUM.toMillis(), SAFE_MINIMUM.plus(LATE).toMillis());
            check(each);
        }
    }

    /// The negative control: the same without the hold.
    @Test
    void withoutTheHoldRequestsAreLost(ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        Replicas replicas =
                Replicas.prepare(
                        controlPlane,
                        inNative,
                        inPlain,
                        pod -> pod.withoutReSending().withoutHold());

        List<Leaving> leaving = replicas.webs().stream().map(TwoReplicasE2E::begin).toList();
        leaving.forEach(Leaving::awaitReplaced);
        replicas.webs().forEach(WebService::stopClients);

        for (WebService web : replicas.webs()) {
            Figures.print(
                    "TwoReplicasE2E, %s, without the hold: %s"
                            .formatted(web.shape(), web.verdict()));
            assertThat(web.verdict().lost()).isPositive();
        }
    }

    /// @param webs both shapes, all their proxies at the first replica
    /// @param other the second replica, which the slow clients are at
    private record Replicas(List<WebService> webs, Pod other) {
        static Replicas prepare(
                ControlPlane controlPlane, Scene inNative, Scene inPlain, Consumer<PodEdit> edit) {
            controlPlane.apply();
            List<WebService> webs = WebService.inBothShapes(inNative, inPlain, 2, edit);
            webs.forEach(WebService::awaitLoad);
            controlPlane.awaitReady();
            Pod first = controlPlane.pods().getFirst();
            controlPlane.scale(2);
            Pod other =
                    controlPlane.pods().stream()
                            .filter(pod -> !uid(pod).equals(uid(first)))
                            .findFirst()
                            .orElseThrow();
            String address = controlPlane.address(other);
            webs.forEach(web -> {
                web.client("fast", PodEdit::withoutReSending);
                web.client("slow", pod -> pod.withoutReSending().slow(SLOW, address));
            });
            webs.forEach(WebService::awaitLoad);
            return new Replicas(webs, other);
        }

        private static String uid(Pod pod) {
            return pod.getMetadata().getUid();
        }
    }

    private static Leaving begin(WebService web) {
        return Leaving.begin(web, "slow");
    }

    /// The other replica has been asked, and has said so to the slow client, who has not heard it
    /// yet.
    private static void awaitHold(Leaving leaving) {
        leaving.web().scene().awaitDeparture(leaving.pod());
        leaving.web().scene().awaitProxySays(leaving.pod(), "Asking another replica", SLOW);
        leaving.awaitTold();
    }

    private static Departure.Release release(Leaving leaving, String what) {
        WebService web = leaving.web();
        Departure.Release release =
                Departure.Release.of(web.scene().logs(), leaving.pod()).orElseThrow();
        Figures.print(
                "TwoReplicasE2E, %s, %s: %s after %d ms, TERM %d ms later, %d ms after the slow one applied; %s"
                        .formatted(
                                web.shape(),
                                what,
                                release.reason(),
                                release.holdMillis(),
                                web.termMillis(leaving.pod()) - release.millis(),
                                leaving.termAfterAppliedMillis(),
                                web.verdict()));
        return release;
    }

    private static void check(Leaving leaving) {
        WebService web = leaving.web();
        assertThat(leaving.termAfterAppliedMillis()).isNotNegative();
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(web.verdict().duplicated()).isZero();
    }
}
