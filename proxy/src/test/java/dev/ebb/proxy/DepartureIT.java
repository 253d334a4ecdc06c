package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proxy.TestMesh.Replica;
import dev.ebb.proxy.testing.AdminClient;
import dev.ebb.proxy.testing.TestControlPlane.Mood;
import dev.ebb.proxy.testing.TestLoad;
import dev.ebb.proxy.testing.TestSubscriber;
import dev.ebb.proxy.testing.Until;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/// Replicas leave under load. Re-sending is off where the hold is to be judged alone.
@Execution(ExecutionMode.CONCURRENT)
class DepartureIT {

    private static final Duration LAG = Duration.ofSeconds(1);
    private static final Executor VIRTUAL = task -> Thread.ofVirtual().start(task);

    @AutoClose private final TestMesh mesh = new TestMesh();

    @Test
    void departureOfOneReplicaLosesNothing() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        mesh.plane().lag("slow", LAG);
        TestLoad fast = mesh.load(mesh.clientWithoutResending("fast"), "fast");
        TestLoad slow = mesh.load(mesh.clientWithoutResending("slow"), "slow");
        awaitTraffic(fast, slow);

        leaving.leave();
        awaitTraffic(fast, slow);
        stop(fast, slow);

        assertThat(fast.lost()).isEmpty();
        assertThat(slow.lost()).isEmpty();
        Ledger ledger = mesh.plane().awaitLedger("web-1");
        assertThat(ledger.getReleaseReason()).isEqualTo("released");
        assertThat(ledger.getLostMap()).isEmpty();
    }

    @Test
    void applicationIsHeldUntilTheSlowestSubscriberHasApplied() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        mesh.plane().lag("slow", LAG);
        TestLoad slow = mesh.load(mesh.client("slow"), "slow");
        awaitTraffic(slow);

        AdminClient.holdAndWait(leaving.proxy().admin());
        long held = System.nanoTime();

        assertThat(mesh.plane().releasedNanos("web-1"))
                .isGreaterThanOrEqualTo(mesh.plane().lastAppliedNanos("slow"));
        assertThat(Duration.ofNanos(held - mesh.plane().requireReleasedNanos("web-1")))
                .isLessThan(Duration.ofMillis(300));
    }

    @Test
    void withReSendingOnNothingIsReSentEither() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestProxy client = mesh.client("client");
        TestLoad load = mesh.load(client, "load");
        awaitTraffic(load);

        leaving.leave();
        awaitTraffic(load);
        stop(load);

        assertThat(load.lost()).isEmpty();
        assertThat(resent(client)).isZero();
    }

    /// Its twin: what is sent again is counted.
    @Test
    void withReSendingOnRequestsToAClosedPortAreReSent() throws Exception {
        mesh.replica("web-1");
        // Bound and not listening: the port refuses, and nobody else gets it meanwhile.
        try (Socket closed = new Socket()) {
            closed.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
            String served = TestMesh.DESTINATION + "=127.0.0.1:" + closed.getLocalPort();
            mesh.replica("web-2", it -> it.set("SERVES", served));
            mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
            TestProxy client = mesh.client("client");
            TestLoad load = mesh.load(client, "load");

            Until.holds(() -> "a request that was sent again", () -> resent(client) > 0);
            stop(load);

            assertThat(load.lost()).isEmpty();
        }
    }

    @Test
    void subscriberThatAcknowledgesBeforeItHasAppliedLosesRequests() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        mesh.plane().believeEarly("liar");
        // Longer than a departing proxy waits for requests that may be on the wire.
        mesh.plane().lag("liar", LAG.multipliedBy(6));
        TestLoad load = mesh.load(mesh.clientWithoutResending("liar"), "liar");
        awaitTraffic(load);

        leaving.leave();

        load.awaitLost();
    }

    @Test
    void withoutTheHoldRequestsAreLost() throws Exception {
        Replica leaving = mesh.replica("web-1", it -> it.set("HOLD", "disabled"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        mesh.plane().lag("slow", LAG);
        TestLoad load = mesh.load(mesh.clientWithoutResending("slow"), "slow");
        awaitTraffic(load);

        leaving.leave();

        load.awaitLost();
    }

    @Test
    void twoReplicasThatLeaveAtOnceLoseNothing() throws Exception {
        Replica first = mesh.replica("web-1");
        Replica second = mesh.replica("web-2");
        mesh.replica("web-3");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 3);
        mesh.plane().lag("slow", LAG);
        TestLoad load = mesh.load(mesh.clientWithoutResending("slow"), "slow");
        awaitTraffic(load);

        Thread other = Thread.ofVirtual().start(first::leaveUnchecked);
        second.leave();
        other.join();
        awaitTraffic(load);
        stop(load);

        assertThat(load.lost()).isEmpty();
        assertThat(mesh.plane().awaitLedger("web-1").getReleaseReason()).isEqualTo("released");
        assertThat(mesh.plane().awaitLedger("web-2").getReleaseReason()).isEqualTo("released");
    }

    @Test
    void replicasThatAreEachOthersClientsCanBothLeave() throws Exception {
        Replica first = mesh.replica("web-1");
        Replica second = mesh.replica("web-2");
        mesh.replica("web-3");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 3);
        TestLoad fromFirst = mesh.load(first.proxy(), "from-1");
        TestLoad fromSecond = mesh.load(second.proxy(), "from-2");
        awaitTraffic(fromFirst, fromSecond);

        Thread other =
                Thread.ofVirtual().start(() -> AdminClient.holdUnchecked(first.proxy().admin()));
        String answer = AdminClient.holdAndWait(second.proxy().admin());
        other.join();
        awaitTraffic(fromFirst, fromSecond);
        stop(fromFirst, fromSecond);

        assertThat(answer).contains("\"reason\":\"released\"");
        assertThat(fromFirst.lost()).isEmpty();
        assertThat(fromSecond.lost()).isEmpty();
    }

    @Test
    void instanceThatIsItsOwnClientIsReleased() throws Exception {
        Replica own = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestLoad load = mesh.load(own.proxy(), "own");
        awaitTraffic(load);

        String answer = AdminClient.holdAndWait(own.proxy().admin());
        awaitTraffic(load);
        stop(load);

        assertThat(answer).contains("\"reason\":\"released\"");
        assertThat(load.lost()).isEmpty();
        assertThat(own.origin().seen()).isNotEmpty();
    }

    @Test
    void lastReplicaWaitsForAReplacementThatIsComing() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        TestLoad load = mesh.load(mesh.clientWithoutResending("client"), "load");
        awaitTraffic(load);
        TestMesh.LateReplica replacement = mesh.lateReplica("web-2");
        mesh.plane().awaitComing(TestMesh.DESTINATION);

        Thread hold = Thread.ofVirtual().start(leaving::leaveUnchecked);
        mesh.plane().awaitLeaving("web-1");
        awaitTraffic(load);
        Long releasedBefore = mesh.plane().releasedNanos("web-1");
        replacement.open();
        hold.join();
        awaitTraffic(load);
        stop(load);

        assertThat(releasedBefore).isNull();
        assertThat(load.lost()).isEmpty();
        assertThat(mesh.plane().awaitLedger("web-1").getReleaseReason()).isEqualTo("released");
    }

    @Test
    void lastReplicaWithoutAReplacementServesThenFailsClearly() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        TestProxy client = mesh.clientWithoutResending("client");
        TestLoad load = mesh.load(client, "load");
        awaitTraffic(load);

        String answer = AdminClient.holdAndWait(leaving.proxy().admin());
        int lostDuringTheHold = load.lost().size();
        load.awaitLost();
        leaving.end();
        stop(load);

        assertThat(answer).contains("no_other_endpoint");
        assertThat(lostDuringTheHold).isZero();
        assertThat(load.lost()).allMatch(each -> each.contains("status=503"));
    }

    @Test
    void withoutAControlPlaneTheHoldIsTheSafeMinimumAndConnectedClientsLoseNothing()
            throws Exception {
        Replica leaving = mesh.replica("web-1", it -> it.set("SAFE_MINIMUM", "2s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestLoad load = mesh.load(mesh.client("client"), "load");
        awaitTraffic(load);
        mesh.plane().close();

        long began = System.nanoTime();
        String answer = AdminClient.holdAndWait(leaving.proxy().admin());
        Duration held = Duration.ofNanos(System.nanoTime() - began);
        leaving.end();
        awaitTraffic(load);
        stop(load);

        assertThat(answer).contains("\"reason\":\"safe minimum\"");
        assertThat(held).isBetween(Duration.ofSeconds(2), Duration.ofMillis(3_500));
        assertThat(load.lost()).isEmpty();
    }

    @Test
    void controlPlaneThatIsRestartedInMidHoldCannotTellSoTheSafeMinimumHolds() throws Exception {
        Replica leaving = mesh.replica("web-1", it -> it.set("SAFE_MINIMUM", "3s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestProxy client = mesh.client("slow");
        TestLoad load = mesh.load(client, "slow");
        awaitTraffic(load);
        mesh.plane().lag("slow", Duration.ofSeconds(30));

        long began = System.nanoTime();
        Thread hold = Thread.ofVirtual().start(leaving::leaveUnchecked);
        mesh.plane().awaitLeaving("web-1");
        mesh.restartControlPlane(Mood.CANNOT_TELL);
        hold.join();
        Duration took = Duration.ofNanos(System.nanoTime() - began);
        awaitTraffic(load);
        stop(load);

        assertThat(took).isGreaterThan(Duration.ofSeconds(3));
        assertThat(load.lost()).isEmpty();
        assertThat(resent(client)).isZero();
    }

    @Test
    void silentControlPlaneMeansTheSafeMinimum() throws Exception {
        Replica leaving = mesh.replica("web-1", it -> it.set("SAFE_MINIMUM", "2s"));
        mesh.plane().awaitReady(TestMesh.DESTINATION, 1);
        mesh.plane().mood(Mood.SILENT);

        String answer = AdminClient.holdAndWait(leaving.proxy().admin());

        assertThat(answer).contains("\"reason\":\"safe minimum\"");
    }

    @Test
    void subscriberThatNeverAcknowledgesHoldsUntilTheBudget() throws Exception {
        Replica leaving = mesh.replica("web-1", it -> it.set("GRACE", "9s"));
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        try (TestSubscriber mute =
                TestSubscriber.connect(mesh.plane().port(), "mute", TestMesh.DESTINATION)) {
            mute.awaitState();

            String answer = AdminClient.holdAndWait(leaving.proxy().admin());

            assertThat(answer).contains("\"reason\":\"budget\"");
            assertThat(answer).contains("\"name\":\"mute\"");
        }
    }

    @Test
    void subscriberThatDiesIsNotWaitedForLongerThanItsLease() throws Exception {
        Replica leaving = mesh.replica("web-1");
        mesh.replica("web-2");
        mesh.plane().awaitReady(TestMesh.DESTINATION, 2);
        TestSubscriber mute =
                TestSubscriber.connect(mesh.plane().port(), "mute", TestMesh.DESTINATION);
        mute.awaitState();
        CompletableFuture<String> hold =
                CompletableFuture.supplyAsync(
                        () -> AdminClient.holdUnchecked(leaving.proxy().admin()), VIRTUAL);
        mesh.plane().awaitLeaving("web-1");

        long died = System.nanoTime();
        mute.close();
        String answer = hold.get(20, TimeUnit.SECONDS);

        // The lease of this control plane is one second.
        assertThat(Duration.ofNanos(mesh.plane().requireReleasedNanos("web-1") - died))
                .isBetween(Duration.ofMillis(900), Duration.ofMillis(2_000));
        assertThat(answer).contains("\"reason\":\"released\"").contains("\"lapsed\":[\"mute\"]");
    }

    private static double resent(TestProxy client) {
        return AdminClient.counted(client.admin(), "ebb_resent_total");
    }

    private static void awaitTraffic(TestLoad... loads) {
        for (TestLoad load : loads) {
            load.awaitAnswered(100);
        }
    }

    private static void stop(TestLoad... loads) {
        for (TestLoad load : loads) {
            load.close();
        }
    }
}
