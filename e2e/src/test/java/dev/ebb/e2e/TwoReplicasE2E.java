package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.ControlPlane;
import dev.ebb.e2e.cluster.Crash;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Relayed;
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

        List<Leaving> leaving = replicas.webs().stream().map(Leaving::begin).toList();
        leaving.forEach(Leaving::awaitGone);
        replicas.webs().forEach(WebService::stopClients);

        for (Leaving each : leaving) {
            Departure.Release release = each.release("both live");
            assertThat(release.reason()).isEqualTo("released");
            each.check();
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

        List<Leaving> leaving = replicas.webs().stream().map(Leaving::begin).toList();
        leaving.forEach(Leaving::awaitHold);
        crash.strike();
        leaving.forEach(Leaving::awaitGone);
        replicas.webs().forEach(WebService::stopClients);

        for (Leaving each : leaving) {
            Departure.Release release = each.release("one killed in mid-hold");
            assertThat(release.reason()).isEqualTo("safe minimum");
            assertThat(release.holdMillis())
                    .isBetween(SAFE_MINIMUM.toMillis(), SAFE_MINIMUM.plus(LATE).toMillis());
            each.check();
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

        List<Leaving> leaving = replicas.webs().stream().map(Leaving::begin).toList();
        leaving.forEach(Leaving::awaitGone);
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

    /// A replica of the service that has been told to leave.
    ///
    /// @param heard how much the slow client had been told before
    private record Leaving(WebService web, String pod, long heard) {
        static Leaving begin(WebService web) {
            String pod = web.anyPod().getMetadata().getName();
            long heard = Relayed.of(web.scene(), "slow").deltas();
            web.scene().delete(pod);
            return new Leaving(web, pod, heard);
        }

        /// The other replica has been asked, and has said so to the slow client, who has not heard
        /// it yet.
        void awaitHold() {
            web.scene().awaitDeparture(pod);
            web.scene().awaitProxySays(pod, "Asking another replica", SLOW);
            Relayed.of(web.scene(), "slow").awaitDelta(heard);
        }

        void awaitGone() {
            web.scene().awaitGone(pod);
            web.scene().awaitRollout(WebService.NAME);
        }

        Departure.Release release(String what) {
            Departure.Release release = Departure.Release.of(web.scene().logs(), pod).orElseThrow();
            Figures.print(
                    "TwoReplicasE2E, %s, %s: %s after %d ms, TERM %d ms later, %d ms after the slow one applied; %s"
                            .formatted(
                                    web.shape(),
                                    what,
                                    release.reason(),
                                    release.holdMillis(),
                                    web.termMillis(pod) - release.millis(),
                                    web.termMillis(pod) - applied(),
                                    web.verdict()));
            return release;
        }

        /// All nodes of the cluster are containers of one machine, so they share a clock.
        void check() {
            assertThat(web.termMillis(pod)).isGreaterThanOrEqualTo(applied());
            assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
            assertThat(web.verdict().duplicated()).isZero();
        }

        private long applied() {
            return Relayed.of(web.scene(), "slow").appliedMillis(heard);
        }
    }
}
