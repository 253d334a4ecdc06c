package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.Leaving;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Poll;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.Verdict;
import dev.ebb.e2e.cluster.WebService;
import io.fabric8.kubernetes.api.model.Event;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/// The classic recipe goes on working: an application that sleeps in a preStop hook of its own, and
/// nobody asks the proxy. Re-sending is off throughout.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class OwnHookE2E {
    private static final Duration SLEEP = Duration.ofSeconds(20);
    private static final Duration GRACE = Duration.ofSeconds(160);
    private static final Duration EVENT = Duration.ofSeconds(30);
    private static final String SLOW = "slow";
    private static final String KEEP_ALIVE = "outside-keep-alive";

    @Parameter private Shape shape = Shape.NATIVE;

    /// The replicas that answer the slow client and the one that stays on its connection leave, so
    /// that there are three.
    @Test
    void sleepingHookLosesNothingAndTheLedgerSaysSo(Scene scene) {
        WebService web = WebService.create(scene, shape, 3, pod -> recipe(pod, SLEEP));
        web.client("client", PodEdit::withoutReSending);
        web.client(SLOW, pod -> pod.withoutReSending().slow(Duration.ofSeconds(5)));
        outside(web);
        web.awaitLoad();

        List<Leaving> leaving =
                Stream.of(SLOW, KEEP_ALIVE).map(client -> Leaving.begin(web, client)).toList();
        leaving.forEach(Leaving::awaitReplaced);
        web.stopClients();

        long termAfterApplied = leaving.getFirst().termAfterAppliedMillis();
        Figures.print(
                "OwnHookE2E, %s: TERM %d ms after the slow one applied; %s"
                        .formatted(shape, termAfterApplied, web.verdict()));
        assertThat(web.verdict().lost()).as("%s", web.verdict()).isZero();
        assertThat(web.verdict().duplicated()).isZero();
        assertThat(termAfterApplied).isNotNegative();
        for (Leaving each : leaving) {
            String ledger = ledger(scene, each.pod());
            Figures.print(ledger);
            assertThat(ledger).contains("app held by its own hook").contains(" 0 lost");
        }
    }

    /// The negative control of the recipe: the same without any hook.
    @Test
    void withoutTheSleepRequestsAreLost(Scene scene) {
        WebService web =
                WebService.create(scene, shape, 2, pod -> pod.withoutReSending().withoutHold());
        web.client(SLOW, pod -> pod.withoutReSending().slow(Duration.ofSeconds(5)));
        web.awaitLoad();

        Leaving leaving = Leaving.begin(web, SLOW);
        leaving.awaitReplaced();
        web.stopClients();

        Figures.print("OwnHookE2E, " + shape + ", without any hook: " + web.verdict());
        assertThat(web.verdict().lost()).isPositive();
        assertThat(ledger(scene, leaving.pod())).doesNotContain("its own hook");
    }

    /// The negative control of the telling: the control plane's words reach the departing proxy
    /// when the sleep is over. A plain container has its TERM by then, which tells it as well.
    @Test
    void proxyThatIsToldTooLateKeepsClientsOutsideTheMesh(Scene scene) {
        Duration sleep = Duration.ofSeconds(5);
        Duration late = sleep.plusSeconds(10);
        WebService web = WebService.create(scene, shape, 2, pod -> recipe(pod, sleep).slow(late));
        outside(web);
        web.awaitLoad();

        Leaving.begin(web, KEEP_ALIVE).awaitReplaced();
        web.stopClients();

        Verdict verdict = web.verdict(Set.of(KEEP_ALIVE));
        Figures.print(
                "OwnHookE2E, %s, told %d s late: %s".formatted(shape, late.toSeconds(), verdict));
        switch (shape) {
            case NATIVE -> assertThat(verdict.lost()).isPositive();
            case PLAIN -> assertThat(verdict.lost()).isZero();
        }
    }

    private static PodEdit recipe(PodEdit pod, Duration sleep) {
        return pod.withoutReSending()
                .grace(GRACE)
                .sleepingHook(sleep)
                .proxy("EBB_PROXY_WAIT_BEFORE_EXIT", "30s");
    }

    /// The second stays on its connection until it is told.
    private static void outside(WebService web) {
        web.outside("outside");
        web.outsideKeepAlive(KEEP_ALIVE);
    }

    /// The ledger as people read it: the Event on the pod.
    private static String ledger(Scene scene, String pod) {
        Poll.until(
                "the ledger of " + pod + " as Event", EVENT, () -> !events(scene, pod).isEmpty());
        return events(scene, pod).getFirst().getMessage();
    }

    private static List<Event> events(Scene scene, String pod) {
        return scene
                .client()
                .v1()
                .events()
                .inNamespace(scene.namespace())
                .list()
                .getItems()
                .stream()
                .filter(event -> event.getInvolvedObject().getName().equals(pod))
                .filter(event -> "EbbDeparture".equals(event.getReason()))
                .toList();
    }
}
