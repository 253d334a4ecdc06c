package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.ControlPlane;
import dev.ebb.e2e.cluster.Crash;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.Metrics;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// The control plane is killed as a replica leaves, just after or just before. Nobody can say who
/// has applied the removal, so the hold is the safe minimum. Both shapes at a time.
@ExtendWith(Cluster.class)
final class ControlPlaneAwayE2E {
    private static final String CLIENT = "client";
    private static final String RESENDING = "resending";
    private static final String SLOW_CLIENT = "slow";
    private static final Duration SLOW = Duration.ofSeconds(6);
    private static final Duration SAFE_MINIMUM = Duration.ofSeconds(10);
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final Duration GRACE = Duration.ofSeconds(60);
    private static final Duration LOST = Duration.ofSeconds(30);

    /// The slow client keeps the departure from its release until the control plane is gone.
    /// Re-sending is off.
    @Test
    void killedJustAfterTheDeleteTheHoldIsTheSafeMinimum(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        List<WebService> webs =
                underLoad(controlPlane, inNative, inPlain, 2, PodEdit::withoutReSending);
        webs.forEach(web -> web.client(SLOW_CLIENT, pod -> pod.withoutReSending().slow(SLOW)));
        webs.forEach(WebService::awaitLoad);
        List<Crash> crash = crash(inNative);

        List<Leaving> leaving = begin(webs, SLOW_CLIENT);
        leaving.forEach(each -> each.web().scene().awaitDeparture(each.pod()));
        leaving.forEach(Leaving::awaitTold);
        crash.forEach(Crash::strike);
        leaving.forEach(ControlPlaneAwayE2E::awaitGone);
        webs.forEach(WebService::stopClients);

        leaving.forEach(each -> check(each, "killed just after the delete"));
    }

    /// The proxy of a native sidecar hears of its departure from the hook alone: its clients move
    /// because it says that it leaves. A client that does not re-send does not listen to that, so
    /// re-sending is on, and there is nothing to re-send.
    @Test
    void killedJustBeforeTheDeleteClientsMoveInTheSafeMinimum(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        List<WebService> webs = underLoad(controlPlane, inNative, inPlain, 2, _ -> {});
        webs.forEach(WebService::awaitLoad);
        List<Crash> crash = crash(inNative);

        crash.forEach(Crash::strike);
        webs.forEach(ControlPlaneAwayE2E::awaitAlone);
        List<Leaving> leaving = begin(webs, CLIENT);
        leaving.forEach(ControlPlaneAwayE2E::awaitGone);
        List<Double> resent = webs.stream().map(web -> resent(web, CLIENT)).toList();
        webs.forEach(WebService::stopClients);

        leaving.forEach(each -> check(each, "killed just before the delete"));
        assertThat(resent).as("re-sent").allMatch(each -> each == 0);
    }

    /// The negative control of what is lost, in both shapes, and of what is re-sent. The replicas
    /// that answer the one client and the other leave, so that there are three.
    @Test
    void withoutTheHoldRequestsAreLostOrReSent(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        List<WebService> webs =
                underLoad(
                        controlPlane,
                        inNative,
                        inPlain,
                        3,
                        pod -> pod.withoutReSending().withoutHold());
        webs.forEach(web -> web.client(RESENDING, _ -> {}));
        webs.forEach(WebService::awaitLoad);
        List<Crash> crash = crash(inNative);

        crash.forEach(Crash::strike);
        webs.forEach(ControlPlaneAwayE2E::awaitAlone);
        List<Leaving> leaving =
                Stream.of(CLIENT, RESENDING)
                        .flatMap(client -> begin(webs, client).stream())
                        .toList();
        leaving.forEach(Leaving::awaitReplaced);
        List<Double> resent = webs.stream().map(web -> resent(web, RESENDING)).toList();
        webs.forEach(WebService::stopClients);

        for (int i = 0; i < webs.size(); i++) {
            Verdict verdict = webs.get(i).verdict(Set.of(CLIENT));
            Figures.print(
                    "ControlPlaneAwayE2E, %s, without the hold: %s; re-sent %.0f"
                            .formatted(webs.get(i).shape(), verdict, resent.get(i)));
            assertThat(verdict.lost()).isPositive();
        }
        // In a plain container the proxy gets its TERM beside the application, and may have sent
        // its client away before that closes.
        assertThat(resent.getFirst()).as("re-sent, native").isPositive();
    }

    private static List<WebService> underLoad(
            ControlPlane controlPlane,
            Scene inNative,
            Scene inPlain,
            int replicas,
            Consumer<PodEdit> edit) {
        controlPlane.apply();
        // A proxy that had to wait for it would have said already that it has none.
        controlPlane.awaitReady();
        List<WebService> webs =
                WebService.inBothShapes(
                        inNative, inPlain, replicas, edit.andThen(pod -> pod.grace(GRACE)));
        webs.forEach(web -> web.client(CLIENT, edit));
        return webs;
    }

    private static double resent(WebService web, String client) {
        return Metrics.sum(web.scene().admin(client, "/metrics"), "ebb_resent_total");
    }

    /// Of every replica of the control plane, which can tell who may be released by then.
    private static List<Crash> crash(Scene scene) {
        scene.controlPlane().awaitWarm();
        return scene.controlPlane().pods().stream().map(pod -> Crash.prepare(scene, pod)).toList();
    }

    /// Waits until no proxy of a replica has a control plane any more.
    private static void awaitAlone(WebService web) {
        for (Pod pod : web.scene().pods(WebService.NAME)) {
            web.scene().awaitProxySays(pod.getMetadata().getName(), "No control stream", LOST);
        }
    }

    private static List<Leaving> begin(List<WebService> webs, String client) {
        return webs.stream().map(web -> Leaving.begin(web, client)).toList();
    }

    private static void awaitGone(Leaving leaving) {
        leaving.web().scene().awaitGone(leaving.pod());
        assertThat(leaving.sinceBegin()).isLessThan(GRACE);
    }

    private static void check(Leaving leaving, String what) {
        WebService web = leaving.web();
        String pod = leaving.pod();
        Departure.Release release = Departure.Release.of(web.scene().logs(), pod).orElseThrow();
        long told = web.termMillis(pod) - release.millis();
        Figures.print(
                "ControlPlaneAwayE2E, %s, %s: %s after %d ms, TERM %d ms later; %s"
                        .formatted(
                                web.shape(),
                                what,
                                release.reason(),
                                release.holdMillis(),
                                told,
                                web.verdict()));
        assertThat(release.reason()).isEqualTo("safe minimum");
        assertThat(release.holdMillis())
                .isBetween(SAFE_MINIMUM.toMillis(), SAFE_MINIMUM.plus(LATE).toMillis());
        assertThat(told).isNotNegative();
        assertThat(web.scene().logs().of(pod, PodEdit.APP))
                .as("the application ended in order")
                .anyMatch(line -> line.isAbout("stopped"));
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(web.verdict().duplicated()).isZero();
    }
}
