package dev.ebb.proxy.discovery;

import static dev.ebb.proxy.discovery.Messages.changed;
import static dev.ebb.proxy.discovery.Messages.leaving;
import static dev.ebb.proxy.discovery.Messages.ready;
import static dev.ebb.proxy.discovery.Messages.refused;
import static dev.ebb.proxy.discovery.Messages.removed;
import static dev.ebb.proxy.discovery.Messages.snapshot;
import static dev.ebb.proxy.discovery.Messages.welcome;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.ProxyMessage.KindCase;
import dev.ebb.proto.destination.v1.Register;
import dev.ebb.proto.destination.v1.Subscribe;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.Resolver.Resolution;
import dev.ebb.proxy.discovery.Served.Readiness;
import dev.ebb.proxy.testing.ScriptedControlPlane;
import dev.ebb.proxy.testing.TestStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DiscoveryTest {

    private final ExecutorService loop = Executors.newSingleThreadExecutor();
    private final ExecutorService secondLoop = Executors.newSingleThreadExecutor();
    private final TestObserver observer = new TestObserver();
    private final CountDownLatch synced = new CountDownLatch(1);
    private ScriptedControlPlane plane;
    private DiscoveryFixture fixture;
    private Discovery discovery;

    @BeforeEach
    void start() throws Exception {
        plane = ScriptedControlPlane.start();
        fixture = new DiscoveryFixture(plane.address(), synced::countDown);
        discovery = fixture.discovery();
        discovery.start();
    }

    @AfterEach
    void stop() throws Exception {
        observer.open();
        fixture.close();
        plane.close();
        loop.shutdownNow();
        secondLoop.shutdownNow();
    }

    @Test
    void helloComesFirstAndNothingElseBeforeTheWelcome() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = plane.awaitStream();

        Hello hello = stream.take(KindCase.HELLO).getHello();
        fixture.settle();

        assertThat(hello.getInstance().getUid()).isEqualTo("uid-1");
        assertThat(hello.getInstance().getName()).isEqualTo("name-1");
        assertThat(stream.hasMore()).isFalse();
        assertThat(synced.getCount()).isOne();
    }

    @Test
    void welcomeIsTheFirstSync() throws Exception {
        TestStream stream = plane.awaitStream();

        stream.send(welcome());

        assertThat(synced.await(10, TimeUnit.SECONDS)).isTrue();
        assertThat(discovery.isConnected()).isTrue();
    }

    @Test
    void registrationIsSentAtOnceAndAtEveryChange() throws Exception {
        InetSocketAddress inbound = new InetSocketAddress(InetAddress.getLoopbackAddress(), 4143);
        discovery.register(List.of(new Served("web:80", inbound, Readiness.NOT_READY)));
        TestStream stream = welcomedStream();
        Register first = stream.await(KindCase.REGISTER).getRegister();

        discovery.register(List.of(new Served("web:80", inbound, Readiness.READY)));
        Register second = stream.await(KindCase.REGISTER).getRegister();

        assertThat(first.getServed(0).getReady()).isFalse();
        assertThat(second.getServed(0).getReady()).isTrue();
        assertThat(second.getServed(0).getDestination()).isEqualTo("web:80");
    }

    @Test
    void wildcardIsRegisteredAsTheAddressTowardsTheControlPlane() throws Exception {
        InetSocketAddress wildcard = new InetSocketAddress(4143);

        discovery.register(List.of(new Served("web:80", wildcard, Readiness.READY)));
        Register sent = welcomedStream().await(KindCase.REGISTER).getRegister();

        assertThat(sent.getServed(0).getAddress().getIp()).isEqualTo("127.0.0.1");
        assertThat(sent.getServed(0).getAddress().getPort()).isEqualTo(4143);
    }

    @Test
    void snapshotIsAppliedThenAcknowledged() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        Subscribe subscribe = stream.await(KindCase.SUBSCRIBE).getSubscribe();

        stream.send(snapshot(subscribe.getSubscription(), 1, ready("a", 1), leaving("b", 2)));

        assertThat(subscribe.getDestination()).isEqualTo("web:80");
        assertThat(observer.takeUids()).containsExactly("a", "b");
        assertThat(ack(stream))
                .isEqualTo(
                        Applied.newBuilder()
                                .setSubscription(subscribe.getSubscription())
                                .setGeneration(1)
                                .build());
    }

    @Test
    void nothingIsAcknowledgedBeforeEveryObserverHasAppliedIt() throws Exception {
        TestObserver slow = new TestObserver();
        discovery.resolve("web:80", loop, observer);
        discovery.resolve("web:80", secondLoop, slow);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        slow.shut();

        stream.send(snapshot(number, 1, ready("a", 1)));
        observer.take();
        fixture.settle();
        boolean acknowledgedEarly = stream.hasMore();
        slow.open();

        assertThat(acknowledgedEarly).isFalse();
        assertThat(ack(stream).getGeneration()).isOne();
    }

    @Test
    void deltasBuildOnTheLastState() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        stream.send(snapshot(number, 1, ready("a", 1), ready("b", 2)));
        ack(stream);

        stream.send(changed(number, 1, 2, leaving("a", 1), ready("c", 3)));
        ack(stream);
        stream.send(removed(number, 2, 3, ready("b", 2)));
        Applied last = ack(stream);

        observer.take();
        assertThat(observer.takeUids()).containsExactly("a", "b", "c");
        assertThat(observer.takeUids()).containsExactly("a", "c");
        assertThat(last.getGeneration()).isEqualTo(3);
    }

    @Test
    void lastResortIsSaid() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();

        stream.send(snapshot(number, 1, leaving("a", 1)));

        assertThat(ack(stream).getLastResort()).isTrue();
    }

    @Test
    void statesThatComeWhileAnObserverIsBusyAreMerged() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        observer.shut();
        stream.send(snapshot(number, 1, ready("a", 1)));
        for (int generation = 2; generation <= 50; generation++) {
            stream.send(changed(number, generation - 1, generation, ready("b", generation)));
        }
        awaitRead(stream);

        observer.open();

        assertThat(ack(stream).getGeneration()).isOne();
        assertThat(ack(stream).getGeneration()).isEqualTo(50);
        assertThat(observer.takeUids()).hasSize(1);
        assertThat(observer.takeUids()).hasSize(50);
        assertThat(observer.hasMore()).isFalse();
    }

    @Test
    void gapBreaksTheStreamAndEverythingIsReplayed() throws Exception {
        discovery.register(
                List.of(
                        new Served(
                                "own:80",
                                new InetSocketAddress(InetAddress.getLoopbackAddress(), 9),
                                Readiness.READY)));
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        Endpoint endpoint = ready("a", 1);
        stream.send(snapshot(number, 1, endpoint));
        ack(stream);

        stream.send(changed(number, 2, 3, ready("b", 2)));
        stream.awaitEnd();
        TestStream second = welcomedStream();

        second.take(KindCase.HELLO);
        assertThat(second.take(KindCase.REGISTER).getRegister().getServedCount()).isOne();
        assertThat(second.take(KindCase.SUBSCRIBE).getSubscribe().getHeldList())
                .containsExactly(endpoint);
        assertThat(observer.takeUids()).containsExactly("a");
        assertThat(observer.hasMore()).isFalse();
    }

    @Test
    void heldNamesWhatWasReceivedAsGoneButNotYetApplied() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        stream.send(snapshot(number, 1, ready("a", 1), ready("b", 2)));
        ack(stream);
        observer.shut();
        stream.send(removed(number, 1, 2, ready("a", 1)));
        awaitRead(stream);

        stream.fail();
        TestStream second = welcomedStream();
        Subscribe replay = second.await(KindCase.SUBSCRIBE).getSubscribe();

        assertThat(replay.getHeldList())
                .extracting(held -> held.getKey().getUid())
                .containsExactlyInAnyOrder("a", "b");
    }

    @Test
    void stateOfAnOldStreamIsNotAcknowledgedOnANewOne() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        observer.shut();
        stream.send(snapshot(number, 7, ready("a", 1)));
        awaitRead(stream);
        stream.fail();
        TestStream second = welcomedStream();
        long newNumber = second.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();

        observer.open();
        observer.take();
        second.send(snapshot(newNumber, 1, ready("a", 1)));
        Applied first = ack(second);

        assertThat(newNumber).isNotEqualTo(number);
        assertThat(first.getSubscription()).isEqualTo(newNumber);
        assertThat(first.getGeneration()).isOne();
    }

    @Test
    void lastStateStaysWhileTheControlPlaneIsAway() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        stream.send(snapshot(number, 1, ready("a", 1)));
        ack(stream);
        observer.take();
        plane.close();
        TestObserver late = new TestObserver();

        discovery.resolve("web:80", secondLoop, late);

        assertThat(late.takeUids()).containsExactly("a");
        assertThat(observer.hasMore()).isFalse();
    }

    @Test
    void restartedControlPlaneIsFound() throws Exception {
        int port = plane.port();
        welcomedStream();
        plane.close();

        plane = ScriptedControlPlane.startAt(port);

        assertThat(welcomedStream().take(KindCase.HELLO).getHello().getInstance().getUid())
                .isEqualTo("uid-1");
    }

    @Test
    void lastObserverEndsTheSubscription() throws Exception {
        Resolution first = discovery.resolve("web:80", loop, observer);
        Resolution second = discovery.resolve("web:80", secondLoop, new TestObserver());
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();

        first.close();
        fixture.settle();
        boolean endedEarly = stream.hasMore();
        second.close();

        assertThat(endedEarly).isFalse();
        assertThat(stream.take(KindCase.UNSUBSCRIBE).getUnsubscribe().getSubscription())
                .isEqualTo(number);
    }

    @Test
    void refusedDestinationIsUnknown() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();

        stream.send(refused(number));

        assertThat(observer.take()).isEqualTo(EndpointSet.UNKNOWN);
    }

    @Test
    void destinationsBeyondTheLimitAreUnknown() throws Exception {
        for (int i = 0; i < Subscriptions.MAX_SUBSCRIPTIONS; i++) {
            discovery.resolve("d" + i, loop, new TestObserver());
        }

        discovery.resolve("one-too-many", loop, observer);

        assertThat(observer.take()).isEqualTo(EndpointSet.UNKNOWN);
    }

    @Test
    void wordBeforeTheWelcomeBreaksTheStream() throws Exception {
        TestStream stream = plane.awaitStream();

        stream.send(refused(0));

        stream.awaitEnd();
    }

    @Test
    void malformedAddressBreaksTheStream() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();

        stream.send(snapshot(number, 1, ready("a", 0)));

        stream.awaitEnd();
    }

    @Test
    void endedLoopCountsAsApplied() throws Exception {
        discovery.resolve("web:80", loop, observer);
        TestStream stream = welcomedStream();
        long number = stream.await(KindCase.SUBSCRIBE).getSubscribe().getSubscription();
        loop.shutdownNow();

        stream.send(snapshot(number, 1, ready("a", 1)));

        assertThat(ack(stream).getGeneration()).isOne();
    }

    /// Waits until everything that was sent has been read; it is read in order.
    private void awaitRead(TestStream from) throws Exception {
        from.send(Messages.deleted(DepartureState.State.WAITING, 60));
        fixture.awaitDeletion();
    }

    private TestStream welcomedStream() throws InterruptedException {
        TestStream stream = plane.awaitStream();
        stream.send(welcome());
        return stream;
    }

    private static Applied ack(TestStream stream) throws InterruptedException {
        return stream.await(KindCase.APPLIED).getApplied();
    }
}
