package dev.ebb.proxy.discovery;

import static dev.ebb.proxy.discovery.Messages.deleted;
import static dev.ebb.proxy.discovery.Messages.departure;
import static dev.ebb.proxy.discovery.Messages.recorded;
import static dev.ebb.proxy.discovery.Messages.welcome;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.DepartureState.State;
import dev.ebb.proto.destination.v1.ProxyMessage.KindCase;
import dev.ebb.proxy.departure.Balance;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import dev.ebb.proxy.departure.Ledger;
import dev.ebb.proxy.departure.ReleaseReason;
import dev.ebb.proxy.testing.ScriptedControlPlane;
import dev.ebb.proxy.testing.TestStream;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DepartureTalkTest {

    static final Ledger LEDGER =
            new Ledger(
                    Cause.HOLD,
                    new Ledger.Times(
                            Optional.of(Duration.ZERO),
                            Optional.of(Duration.ofMillis(1_500)),
                            Optional.empty(),
                            Optional.empty(),
                            Duration.ofSeconds(2)),
                    ReleaseReason.RELEASED,
                    new Balance(1, 2, 2, 0, 0, 0, Map.of("upstream-reset", 1L)),
                    List.of(),
                    List.of(),
                    List.of("app"));

    private ScriptedControlPlane plane;
    private DiscoveryFixture fixture;
    private Discovery discovery;
    private CountDownLatch synced = new CountDownLatch(1);

    @BeforeEach
    void start() throws Exception {
        plane = ScriptedControlPlane.start();
        fixture = new DiscoveryFixture(plane.address(), () -> synced.countDown());
        discovery = fixture.discovery();
    }

    @AfterEach
    void stop() throws Exception {
        fixture.close();
        plane.close();
    }

    @Test
    void answersReachTheDeparture() throws Exception {
        TestStream stream = connected();
        announce();
        Announce announced = stream.await(KindCase.ANNOUNCE).getAnnounce();

        stream.send(departure(State.WAITING));
        stream.send(departure(State.RELEASED));

        assertThat(announced.getCause()).isEqualTo(Announce.Cause.HOLD);
        assertThat(announced.getGrace().getSeconds()).isBetween(28L, 30L);
        assertThat(fixture.awaitAnswer().verdict()).isEqualTo(Verdict.WAITING);
        fixture.awaitAnswer(Verdict.RELEASED);
    }

    @Test
    void deletionIsHeardUnaskedAndDecidesNothing() throws Exception {
        TestStream stream = connected();

        stream.send(deleted(State.RELEASED, 60));

        assertThat(fixture.awaitDeletion())
                .isEqualTo(new Deletion(Optional.of(Duration.ofSeconds(60)), List.of("app")));
        assertThat(fixture.rest()).isEmpty();
    }

    @Test
    void stateThatNobodyAskedForIsNoNewsWithoutADeletion() throws Exception {
        TestStream stream = connected();

        stream.send(departure(State.WAITING));
        stream.send(deleted(State.WAITING, 60));

        fixture.awaitDeletion();
    }

    @Test
    void deletionIsHeardUnaskedAfterAQuestionThatWasDropped() throws Exception {
        TestStream stream = connected();
        onLoop(() -> discovery.ask());
        stream.send(departure(State.CANNOT_TELL));
        assertThat(fixture.awaitAnswer().verdict()).isEqualTo(Verdict.CANNOT_TELL);

        onLoop(() -> discovery.dropQuestion());
        stream.send(deleted(State.WAITING, 60));

        assertThat(fixture.awaitDeletion().grace()).contains(Duration.ofSeconds(60));
    }

    @Test
    void announcementOutlivesAQuestionThatWasDropped() throws Exception {
        TestStream stream = connected();
        onLoop(() -> discovery.ask());
        announce();

        onLoop(() -> discovery.dropQuestion());
        stream.send(departure(State.WAITING));

        fixture.awaitAnswer(Verdict.WAITING);
    }

    @Test
    void unknownStateMeansThatTheControlPlaneCannotTell() throws Exception {
        TestStream stream = connected();
        announce();
        stream.await(KindCase.ANNOUNCE);

        stream.send(departure(State.STATE_UNSPECIFIED));

        assertThat(fixture.awaitAnswer().verdict()).isEqualTo(Verdict.CANNOT_TELL);
    }

    @Test
    void announcementIsRepeatedAfterAReconnect() throws Exception {
        TestStream stream = connected();
        announce();
        stream.await(KindCase.ANNOUNCE);

        stream.fail();
        fixture.awaitUnreachable();
        TestStream second = plane.awaitStream();
        second.send(welcome());

        second.take(KindCase.HELLO);
        second.take(KindCase.REGISTER);
        assertThat(second.take(KindCase.ANNOUNCE).getAnnounce().getCause())
                .isEqualTo(Announce.Cause.HOLD);
    }

    @Test
    void withdrawnAnnouncementIsNotRepeated() throws Exception {
        TestStream stream = connected();
        announce();
        onLoop(() -> discovery.withdraw());
        stream.await(KindCase.WITHDRAW);

        stream.fail();
        TestStream second = plane.awaitStream();
        second.send(welcome());
        second.take(KindCase.HELLO);
        second.take(KindCase.REGISTER);
        fixture.settle();

        assertThat(second.hasMore()).isFalse();
    }

    @Test
    void questionWithoutAControlPlaneIsUnreachable() throws Exception {
        onLoop(() -> discovery.ask());

        fixture.awaitUnreachable();
    }

    @Test
    void questionIsSent() throws Exception {
        TestStream stream = connected();

        onLoop(() -> discovery.ask());

        stream.await(KindCase.QUESTION);
    }

    @Test
    void ledgerIsSentAndRecorded() throws Exception {
        TestStream stream = connected();

        CompletionStage<Void> stage = fixture.onLoop(() -> discovery.record(LEDGER));
        dev.ebb.proto.destination.v1.Ledger sent = stream.await(KindCase.LEDGER).getLedger();
        stream.send(recorded());
        stage.toCompletableFuture().get(5, TimeUnit.SECONDS);

        assertThat(sent.getCause()).isEqualTo("HOLD");
        assertThat(sent.getReleaseReason()).isEqualTo("released");
        assertThat(sent.getRelease()).isEqualTo(ProtoValues.duration(Duration.ofMillis(1_500)));
        assertThat(sent.hasTerm()).isFalse();
        assertThat(sent.getLostMap()).containsEntry("upstream-reset", 1L);
        assertThat(sent.getOwnHooksList()).containsExactly("app");
    }

    @Test
    void ledgerThatNobodyRecordsFailsWithinASecond() throws Exception {
        connected();

        CompletionStage<Void> stage = fixture.onLoop(() -> discovery.record(LEDGER));

        assertThatThrownBy(() -> stage.toCompletableFuture().get(5, TimeUnit.SECONDS))
                .hasCauseInstanceOf(java.util.concurrent.TimeoutException.class);
    }

    private TestStream connected() throws Exception {
        discovery.start();
        TestStream stream = plane.awaitStream();
        stream.send(welcome());
        assertThat(synced.await(10, TimeUnit.SECONDS)).isTrue();
        return stream;
    }

    private void announce() throws Exception {
        onLoop(() -> discovery.announce(Cause.HOLD, Duration.ofSeconds(30)));
    }

    private void onLoop(Runnable action) throws Exception {
        fixture.onLoop(() -> {
            action.run();
            return true;
        });
    }
}
