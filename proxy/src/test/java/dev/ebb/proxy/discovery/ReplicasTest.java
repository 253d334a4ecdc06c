package dev.ebb.proxy.discovery;

import static dev.ebb.proxy.discovery.Messages.deleted;
import static dev.ebb.proxy.discovery.Messages.departure;
import static dev.ebb.proxy.discovery.Messages.recorded;
import static dev.ebb.proxy.discovery.Messages.welcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DepartureState.State;
import dev.ebb.proto.destination.v1.ProxyMessage.KindCase;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.testing.ScriptedControlPlane;
import dev.ebb.proxy.testing.TestStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// A departure that has to be asked of every replica of the control plane.
class ReplicasTest {

    private final List<InetAddress> addresses = new CopyOnWriteArrayList<>();
    private final CountDownLatch synced = new CountDownLatch(1);
    private ScriptedControlPlane first;
    private ScriptedControlPlane second;
    private DiscoveryFixture fixture;
    private TestStream home;

    @BeforeEach
    void proxyIsAtHomeAtTheFirst() throws Exception {
        first = ScriptedControlPlane.start();
        second = ScriptedControlPlane.startAt("127.0.0.2", first.port());
        InetSocketAddress name = InetSocketAddress.createUnresolved("replicas", first.port());
        addresses.add(InetAddress.ofLiteral("127.0.0.1"));
        fixture =
                new DiscoveryFixture(
                        name,
                        synced::countDown,
                        new ControlAddresses(name, _ -> addresses.toArray(InetAddress[]::new)));
        fixture.discovery().start();
        home = first.awaitStream();
        home.send(welcome());
        assertThat(synced.await(10, TimeUnit.SECONDS)).isTrue();
        addresses.add(InetAddress.ofLiteral("127.0.0.2"));
    }

    @AfterEach
    void stop() {
        fixture.close();
        first.close();
        second.close();
    }

    @Test
    void hookIsAskedOfEveryReplicaAndReleasedByAll() throws Exception {
        ask();
        TestStream other = second.awaitStream();
        other.await(KindCase.QUESTION);

        home.send(departure(State.RELEASED));

        assertThat(fixture.awaitAnswer().verdict())
                .as("it leaves, says one; it is released, say not all")
                .isEqualTo(Verdict.WAITING);

        other.send(welcome());
        other.send(departure(State.WAITING));
        other.send(departure(State.RELEASED));

        fixture.awaitAnswer(Verdict.RELEASED);
    }

    @Test
    void deletionThatOneReplicaTellsOfIsReleasedByAll() throws Exception {
        home.send(deleted(State.RELEASED, 60));
        fixture.awaitDeletion();

        ask();
        TestStream other = second.awaitStream();
        other.send(welcome());
        other.await(KindCase.QUESTION);
        home.send(deleted(State.RELEASED, 60));
        fixture.awaitAnswer(Verdict.WAITING);
        other.send(deleted(State.RELEASED, 30));

        ControlAnswer answer = fixture.awaitAnswer(Verdict.RELEASED);
        assertThat(answer.deletion())
                .contains(new Deletion(Optional.of(Duration.ofSeconds(30)), List.of("app")));
    }

    @Test
    void announcementGoesToEveryReplica() throws Exception {
        fixture.onLoop(() -> {
            fixture.discovery().announce(Cause.TERM, Duration.ofSeconds(30));
            return true;
        });

        home.await(KindCase.ANNOUNCE);
        second.awaitStream().await(KindCase.ANNOUNCE);
    }

    @Test
    void livingInstanceIsToldSoByTheFirstAndTheOthersAreLeft() throws Exception {
        ask();
        TestStream other = second.awaitStream();

        home.send(departure(State.NONE));

        assertThat(fixture.awaitAnswer().verdict()).isEqualTo(Verdict.NONE);
        other.awaitEnd();
    }

    @Test
    void replicaThatIsSilentForThreeSecondsCannotTell() throws Exception {
        ask();
        TestStream other = second.awaitStream();
        other.await(KindCase.QUESTION);
        home.send(departure(State.RELEASED));
        fixture.awaitAnswer(Verdict.WAITING);

        ControlAnswer answer = askUntil(Verdict.CANNOT_TELL);

        assertThat(answer.reason()).contains("silent");
    }

    @Test
    void replicaThatDiesInMidHoldCannotTellUntilItComesBack() throws Exception {
        askWhileOnlyTheSecondWaits();

        second.close();

        fixture.awaitAnswer(Verdict.CANNOT_TELL);

        second = ScriptedControlPlane.startAt("127.0.0.2", first.port());
        TestStream back = second.awaitStream();
        back.await(KindCase.QUESTION);
        back.send(welcome());
        back.send(departure(State.RELEASED));

        fixture.awaitAnswer(Verdict.RELEASED);
    }

    @Test
    void subscriberThatHasMovedHereIsWaitedForWhileItsReplicaIsLost() throws Exception {
        askWhileOnlyTheSecondWaits();
        second.close();
        fixture.awaitAnswer(Verdict.CANNOT_TELL);

        home.send(departure(State.WAITING));

        fixture.awaitAnswer(Verdict.WAITING);
    }

    @Test
    void ledgerGoesToEveryReplica() throws Exception {
        ask();
        TestStream other = second.awaitStream();
        other.await(KindCase.QUESTION);

        var stage = fixture.onLoop(() -> fixture.discovery().record(DepartureTalkTest.LEDGER));
        home.await(KindCase.LEDGER);
        other.await(KindCase.LEDGER);
        other.send(recorded());

        stage.toCompletableFuture().get(5, TimeUnit.SECONDS);
    }

    @Test
    void applicationThatHasGoneIsHeardUnasked() throws Exception {
        home.send(
                ControlMessage.newBuilder()
                        .setDeparture(
                                DepartureState.newBuilder()
                                        .setState(State.NONE)
                                        .setApplication(DepartureState.Application.GONE))
                        .build());

        fixture.awaitGone();
    }

    /// Released, says one; its subscribers still hold it, says the other.
    private void askWhileOnlyTheSecondWaits() throws Exception {
        ask();
        TestStream other = second.awaitStream();
        other.send(welcome());
        home.send(departure(State.RELEASED));
        other.send(departure(State.WAITING));
        fixture.awaitAnswer(Verdict.WAITING);
    }

    private void ask() throws Exception {
        fixture.onLoop(() -> {
            fixture.discovery().ask();
            return true;
        });
    }

    /// Asks again and again, as a departure does; the home replica always answers.
    private ControlAnswer askUntil(Verdict verdict) {
        return await().atMost(Duration.ofSeconds(10))
                .until(this::answerOfHome, answer -> answer.verdict() == verdict);
    }

    private ControlAnswer answerOfHome() throws Exception {
        ask();
        home.send(departure(State.RELEASED));
        return fixture.awaitAnswer();
    }
}
