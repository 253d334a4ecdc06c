package dev.ebb.await;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/// `--hold`: TERM is kept from the command until the proxy has released it.
class HoldIT {

    /// Says `up`, then each signal.
    private static final String TELLS_TERM =
            "trap 'echo TERM' TERM; trap 'echo INT' INT; echo up; while :; do sleep 0.01; done";

    @Test
    void termReachesTheCommandWhenTheProxyHasReleasedIt() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");
            // INT is not held; that it comes first shows that TERM has not come.
            await.signal("INT");
            assertThat(await.line()).isEqualTo("INT");

            proxy.answers("POST /departure", 200, "{\"state\":\"released\"}");

            assertThat(await.line()).isEqualTo("TERM");
            await.awaitSaying("TERM: held back");
            await.awaitSaying("{\"state\":\"released\"}");
        }
    }

    /// The negative control of the test above.
    @Test
    void withoutHoldTermReachesTheCommandAtOnce() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "-S")) {
            await.signal("TERM");

            assertThat(await.line()).isEqualTo("TERM");
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @Test
    void termIsForwardedAfterTheLongestHold() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold=500ms")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");
            long held = System.nanoTime();

            assertThat(await.line()).isEqualTo("TERM");

            assertThat(Duration.ofNanos(System.nanoTime() - held))
                    .isGreaterThan(Duration.ofMillis(400));
            await.awaitSaying("/departure: no answer in time after ");
        }
    }

    @Test
    void aProxyThatFallsSilentInTheMiddleIsNotWaitedFor() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");

            proxy.holds("GET /live");

            assertThat(await.line()).isEqualTo("TERM");
            await.awaitSaying("/departure: fallen silent after ");
        }
    }

    @Test
    void aProxyThatTakesLongButAnswersIsWaitedFor() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");

            proxy.awaitRequest("GET /live");
            proxy.awaitRequest("GET /live");
            await.signal("INT");

            assertThat(await.line()).isEqualTo("INT");
        }
    }

    @Test
    void theSecondTermGoesAtOnceAndTheFirstNotAgain() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");

            await.signal("TERM");
            assertThat(await.line()).isEqualTo("TERM");
            proxy.answers("POST /departure", 200, "{\"state\":\"released\"}");
            await.awaitSaying("released");
            await.signal("INT");

            assertThat(await.line()).isEqualTo("INT");
        }
    }

    @Test
    void aProxyThatHasGoneIsNotWaitedFor() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = start(proxy, "--hold")) {
            proxy.dies();

            await.signal("TERM");

            assertThat(await.line()).isEqualTo("TERM");
            await.awaitSaying("TERM: forwarded without a hold: GET http://127.0.0.1:");
        }
    }

    @Test
    void aProxyThatDoesNotAnswerIsAskedForASecondOnly() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("GET /live");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("GET /live");
            long asked = System.nanoTime();

            assertThat(await.line()).isEqualTo("TERM");

            assertThat(Duration.ofNanos(System.nanoTime() - asked))
                    .isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
            await.awaitSaying("/live: no answer in time");
            assertThat(proxy.requests()).isEmpty();
        }
    }

    @Test
    void aProxyThatKnowsNoDeparturesIsNotWaitedFor() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");

            assertThat(await.line()).isEqualTo("TERM");
            await.awaitSaying("/departure: status 404 nothing");
        }
    }

    @Test
    void aProxyThatDiesWhileHoldingReleasesTheCommand() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await = start(proxy, "--hold")) {
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");

            proxy.dies();

            assertThat(await.line()).isEqualTo("TERM");
            await.awaitSaying("TERM: forwarded without a hold: POST http://127.0.0.1:");
        }
    }

    @Test
    void aCommandThatEndsByItselfEndsTheHold() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready().holds("POST /departure");
                AwaitProcess await =
                        AwaitProcess.start(proxy, "--hold", "-S", "sh", "-c", "read x; exit 7")) {
            proxy.awaitRequest("GET /ready");
            await.awaitChild();
            await.signal("TERM");
            proxy.awaitRequest("POST /departure");

            await.process().outputWriter().close();

            assertThat(await.exitCode()).isEqualTo(7);
            proxy.awaitRequest("POST /shutdown");
        }
    }

    @Test
    void holdAloneDoesNotEndTheProxy() throws Exception {
        try (FakeProxy proxy = FakeProxy.ready();
                AwaitProcess await = AwaitProcess.start(proxy, "--hold", "sh", "-c", "exit 7")) {

            assertThat(await.exitCode()).isEqualTo(7);
            assertThat(proxy.requests()).containsExactly("GET /ready");
        }
    }

    private static AwaitProcess start(FakeProxy proxy, String flag) throws Exception {
        AwaitProcess await = AwaitProcess.start(proxy, flag, "sh", "-c", TELLS_TERM);
        proxy.awaitRequest("GET /ready");
        assertThat(await.line()).isEqualTo("up");
        return await;
    }
}
