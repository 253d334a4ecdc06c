package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.ControlPlane;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.WebService;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/// All that the control plane hears of the cluster is 3 s late, so that the kubelet's hook asks
/// before the news of the deletion is there. One of two clients is slow to learn. Both shapes at a
/// time; re-sending is off throughout.
@ExtendWith(Cluster.class)
final class HookBeforeNewsE2E {
    private static final Duration LATE = Duration.ofSeconds(3);
    private static final Duration SLOW = Duration.ofSeconds(1);

    @Test
    void theQuestionBeginsTheDepartureAndTermComesAfterTheLastApplied(
            ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        newsComeLate(controlPlane);
        List<WebService> webs =
                WebService.inBothShapes(inNative, inPlain, 2, PodEdit::withoutReSending);

        List<Leaving> leaving = oneOfEachLeaves(controlPlane, webs);

        leaving.forEach(HookBeforeNewsE2E::check);
    }

    /// The negative control: nobody asks, and the news come late.
    @Test
    void withoutTheHookRequestsAreLost(ControlPlane controlPlane, Scene inNative, Scene inPlain) {
        newsComeLate(controlPlane);
        List<WebService> webs =
                WebService.inBothShapes(
                        inNative, inPlain, 2, pod -> pod.withoutReSending().withoutHold());

        var _ = oneOfEachLeaves(controlPlane, webs);

        for (WebService web : webs) {
            Figures.print(
                    "HookBeforeNewsE2E, %s, without the hook: %s"
                            .formatted(web.shape(), web.verdict()));
            assertThat(web.verdict().lost()).isPositive();
        }
    }

    private static void newsComeLate(ControlPlane controlPlane) {
        controlPlane.apply(
                ControlPlane.setting("EBB_CONTROL_PLANE_NEWS_DELAY", LATE.toSeconds() + "s")
                        .andThen(ControlPlane.setting("EBB_CONTROL_PLANE_WARM_UP", "1s")));
    }

    private static List<Leaving> oneOfEachLeaves(ControlPlane controlPlane, List<WebService> webs) {
        // Who comes ahead of the late news finds nobody.
        webs.forEach(WebService::awaitLoad);
        webs.forEach(WebService::awaitPublished);
        for (WebService web : webs) {
            web.client("client", PodEdit::withoutReSending);
            web.client("slow", pod -> pod.withoutReSending().slow(SLOW));
        }
        webs.forEach(WebService::awaitLoad);
        controlPlane.awaitWarm();
        List<Leaving> leaving = webs.stream().map(web -> Leaving.begin(web, "slow")).toList();
        leaving.forEach(Leaving::awaitReplaced);
        webs.forEach(WebService::stopClients);
        return leaving;
    }

    private static void check(Leaving leaving) {
        WebService web = leaving.web();
        Departure departure = web.departure(leaving.pod());
        long toldAfterApplied = leaving.termAfterAppliedMillis();
        Figures.print(
                "HookBeforeNewsE2E, %s: TERM %d ms after the slow one applied; %s"
                        .formatted(web.shape(), toldAfterApplied, web.verdict()));
        Figures.print(Departure.table(List.of(departure)));
        departure.checkTermAfterApplied();
        assertThat(toldAfterApplied).isNotNegative();
        assertThat(departure.subscribers()).isEqualTo(2);
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(web.verdict().duplicated()).isZero();
        checkCause(leaving);
    }

    /// The hook began it, or in a plain container the TERM of its proxy, which comes at the same
    /// time and tells it the same; not the news.
    private static void checkCause(Leaving leaving) {
        assertThat(leaving.web().scene().logs().of(leaving.pod(), PodEdit.PROXY))
                .filteredOn(line -> line.text().contains("Departure begins cause="))
                .first()
                .asString()
                .containsAnyOf(
                        switch (leaving.web().shape()) {
                            case NATIVE -> new String[] {"cause=HOOK"};
                            case PLAIN -> new String[] {"cause=HOOK", "cause=TERM"};
                        });
    }
}
