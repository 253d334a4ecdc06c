package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.API;
import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Served;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Who is waited for, and until when.
class DepartureTest {
    private final Mesh mesh = Mesh.warm();

    @Test
    void releasedWhenEverySubscriberHasApplied() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy fast = mesh.proxy("fast").subscribes(1, WEB).applies(1);
        FakeProxy slow = mesh.proxy("slow").subscribes(1, WEB).applies(1);

        leaving.leaves();
        fast.applies(1);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().waitingFor())
                .singleElement()
                .satisfies(awaited -> assertThat(awaited.subscriber()).isEqualTo(slow.instance));
        assertThat(slow.stream.view(1).holdsLeaving("web-1")).isTrue();

        slow.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().noOtherEndpoint()).isFalse();
        assertThat(slow.stream.view(1).endpoints.keySet())
                .as("removed after the release")
                .noneMatch(key -> key.uid().equals("web-1"));
    }

    @Test
    void appliedBeforeTheRemovalWasSentDoesNotRelease() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        client.stream.ready = false;
        leaving.leaves();
        client.applies(1);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
    }

    @Test
    void subscriberThatNeverAnswersIsWaitedForAsLongAsItLives() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("silent").subscribes(1, WEB);

        leaving.leaves();
        mesh.pass(Duration.ofMinutes(10));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(mesh.report(leaving).status().waitingFor())
                .singleElement()
                .satisfies(
                        awaited -> assertThat(awaited.waited()).isEqualTo(Duration.ofMinutes(10)));
    }

    @Test
    void onlySubscribersOfItsDestinationsCount() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("api-1").serves(API);
        mesh.proxy("stranger").subscribes(1, API);

        leaving.leaves();

        assertThat(leaving.isReleased()).isTrue();
        assertThat(mesh.report(leaving).votes()).isEmpty();
    }

    @Test
    void everyDestinationThatContainsItsAddressCounts() throws Exception {
        FakeProxy leaving = mesh.proxy("both");
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("api-2").serves(API);
        mesh.index.register(
                leaving.connection,
                List.of(
                        new Served(WEB, leaving.address, true),
                        new Served(API, leaving.address, true)));
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).subscribes(2, API);
        client.applies(1).applies(2);

        leaving.leaves();
        client.applies(1);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(2);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void twoPodsThatLeaveAtOnceAreReleasedTogether() throws Exception {
        FakeProxy first = mesh.proxy("web-1").serves(WEB);
        FakeProxy second = mesh.proxy("web-2").serves(WEB);
        mesh.proxy("web-3").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        first.leaves();
        second.leaves();

        assertThat(first.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(second.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1);

        assertThat(first.isReleased()).isTrue();
        assertThat(second.isReleased()).isTrue();
    }

    @Test
    void podThatIsItsOwnClientVotesLikeAnyOther() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).subscribes(1, WEB).applies(1);
        mesh.proxy("web-2").serves(WEB);

        leaving.leaves();

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        leaving.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void mutualDrainDoesNotDeadlock() throws Exception {
        FakeProxy web = mesh.proxy("web-1").serves(WEB).subscribes(1, API).applies(1);
        FakeProxy api = mesh.proxy("api-1").serves(API).subscribes(1, WEB).applies(1);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("api-2").serves(API);

        web.leaves();
        api.leaves();
        web.applies(1);
        api.applies(1);

        assertThat(web.isReleased()).isTrue();
        assertThat(api.isReleased()).isTrue();
    }

    @Test
    void announcementIsIdempotent() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("silent").subscribes(1, WEB);

        leaving.leaves();
        mesh.pass(Duration.ofSeconds(5));
        leaving.leaves();

        assertThat(mesh.report(leaving).timing().age()).isEqualTo(Duration.ofSeconds(5));
        assertThat(mesh.index.departures("")).hasSize(1);
    }

    @Test
    void questionWithoutDepartureIsAnsweredWithNoneOnce() throws Exception {
        FakeProxy serving = mesh.proxy("web-1").serves(WEB);

        mesh.index.question(serving.connection);
        mesh.pass(Duration.ofSeconds(5));

        assertThat(serving.stream.departures).containsExactly(DepartureStatus.NONE);
    }

    @Test
    void withdrawnHoldServesAgain() throws Exception {
        FakeProxy held = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        mesh.index.announce(held.connection, Cause.HOLD);
        client.applies(1);
        assertThat(held.isReleased()).isTrue();

        mesh.index.withdraw(held.connection);

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
        assertThat(mesh.report(held).outcome()).isEqualTo(new DepartureReport.Outcome.Withdrawn());
    }

    @Test
    void departureThatBeganWithTermCannotBeWithdrawn() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();

        assertThatThrownBy(() -> mesh.index.withdraw(leaving.connection))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("TERM")
                .hasMessageContaining("HOLD");
    }

    @Test
    void holdThatGetsTermCannotBeWithdrawnAnyMore() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.index.announce(leaving.connection, Cause.HOLD);

        leaving.leaves();

        assertThatThrownBy(() -> mesh.index.withdraw(leaving.connection))
                .isInstanceOf(RefusedException.class);
    }

    @Test
    void leavingIsStickyByUid() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        leaving.leaves();
        leaving.serves(WEB);

        assertThat(client.stream.view(1).holdsReady("web-1")).isFalse();
        assertThat(client.stream.view(1).holdsLeaving("web-1")).isTrue();
    }

    @Test
    void ledgerEndsTheDepartureWithOneRecord() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();
        mesh.pass(Duration.ofMillis(700));
        client.applies(1);

        leaving.sendsLedger();
        leaving.sendsLedger();
        leaving.disconnects();
        mesh.pass(Duration.ofSeconds(5));

        assertThat(mesh.events.ended).hasSize(1);
        assertThat(mesh.report(leaving).outcome())
                .isEqualTo(new DepartureReport.Outcome.Recorded(FakeProxy.ledger()));
        assertThat(mesh.report(leaving).timing().released()).contains(Duration.ofMillis(700));
        assertThat(mesh.report(leaving).votes())
                .containsExactly(
                        new Vote(
                                client.instance,
                                WEB,
                                Optional.of(Duration.ofMillis(700)),
                                Vote.Outcome.APPLIED));
    }

    @Test
    void nothingIsRegisteredAfterTheLedger() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();
        leaving.sendsLedger();

        assertThatThrownBy(() -> leaving.serves(WEB))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("ledger");
    }

    @Test
    void instanceThatVanishesInItsDepartureIsGone() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        leaving.disconnects();
        mesh.pass(Duration.ofSeconds(2));

        assertThat(mesh.report(leaving).outcome())
                .isEqualTo(new DepartureReport.Outcome.Vanished());
        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void departureGoesOnWhenAVanishedInstanceComesBack() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        leaving.leaves();
        leaving.disconnects();
        mesh.pass(Duration.ofSeconds(3));

        leaving.reconnects();
        leaving.serves(WEB).leaves();

        assertThat(client.stream.view(1).holdsReady("web-1")).isFalse();
        assertThat(mesh.report(leaving).timing().age()).isEqualTo(Duration.ofSeconds(3));
    }
}
