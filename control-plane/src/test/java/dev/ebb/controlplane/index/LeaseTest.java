package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.API;
import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// How long the vote and the registration of an ended stream count.
class LeaseTest {
    private final Mesh mesh = Mesh.warm();

    @Test
    void voteOfAnEndedStreamLapsesWithItsLeaseAndIsNamed() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        client.disconnects();
        mesh.pass(Duration.ofMillis(900));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        mesh.pass(Duration.ofMillis(200));

        assertThat(leaving.isReleased()).isTrue();
        assertThat(leaving.stream.lastDeparture().lapsed()).containsExactly("client");
        assertThat(mesh.events.lapsed).containsExactly("client");
        assertThat(mesh.report(leaving).votes())
                .singleElement()
                .satisfies(vote -> assertThat(vote.outcome()).isEqualTo(Vote.Outcome.LAPSED));
    }

    @Test
    void reconnectWithinTheLeaseKeepsTheVote() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        client.disconnects();
        mesh.pass(Duration.ofMillis(900));
        client.reconnects();
        mesh.pass(Duration.ofSeconds(2));
        client.subscribes(5, WEB, List.of(leaving.held(EndpointState.READY)));
        mesh.pass(Duration.ofSeconds(30));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(mesh.events.lapsed).isEmpty();

        client.applies(5);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void subscriptionThatIsNotRepeatedIsDropped() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        client.disconnects();
        client.reconnects();
        mesh.pass(Duration.ofSeconds(4));

        assertThat(leaving.isReleased()).isTrue();
        assertThat(mesh.events.lapsed).isEmpty();
    }

    @Test
    void lateButLiveClientKeepsItsVote() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        leaving.leaves();
        mesh.pass(Duration.ofSeconds(25));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void clientThatComesBackAfterItsLeaseCountsAgain() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("other").subscribes(1, WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();
        client.disconnects();
        mesh.pass(Duration.ofSeconds(2));

        client.reconnects();
        client.subscribes(1, WEB, List.of(leaving.held(EndpointState.READY)));

        assertThat(leaving.stream.lastDeparture().lapsed()).isEmpty();
        assertThat(leaving.stream.lastDeparture().waitingFor())
                .anyMatch(awaited -> awaited.subscriber().equals(client.instance));
    }

    @Test
    void newerStreamOfTheSameUidTakesOver() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();
        FakeSubscriber old = client.stream;

        client.reconnects();
        client.subscribes(1, WEB);

        assertThat(old.closed).isEqualTo(Subscriber.CloseReason.TAKEN_OVER);
        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void uidInUseByAnotherPeerIsRefused() throws Exception {
        FakeProxy client = mesh.proxy("client");

        assertThatThrownBy(() ->
                        mesh.index.connect(client.instance, "another peer", new FakeSubscriber()))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("\"client\" is in use by another peer");
        assertThat(client.stream.closed).isNull();
    }

    @Test
    void registrationOutlivesItsStreamByTheLease() throws Exception {
        FakeProxy serving = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        serving.disconnects();
        mesh.pass(Duration.ofMillis(900));

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();

        mesh.pass(Duration.ofMillis(200));

        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void clientThatDrainsItselfWhileItOwesAnAckIsReleasedFromIt() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").serves(API).subscribes(1, WEB).applies(1);
        leaving.leaves();
        client.leaves();

        client.sendsLedger();

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void leasesDoNotRunWhileTheControlPlaneIsSuspended() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();
        client.disconnects();

        mesh.nanos += Duration.ofSeconds(30).toNanos();
        mesh.index.tick();
        client.reconnects();
        client.subscribes(1, WEB);

        assertThat(mesh.events.lapsed).isEmpty();
        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
    }

    @Test
    void holdThatIsNotRepeatedAfterAReconnectIsWithdrawn() throws Exception {
        FakeProxy held = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        mesh.index.announce(held.connection, Cause.HOLD);

        held.disconnects();
        held.reconnects();
        held.serves(WEB);
        mesh.pass(Duration.ofSeconds(4));

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
        assertThat(mesh.report(held).outcome()).isEqualTo(new DepartureReport.Outcome.Withdrawn());
    }

    @Test
    void heldInstanceThatVanishedServesAgainWhenItComesBack() throws Exception {
        FakeProxy held = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        mesh.index.announce(held.connection, Cause.HOLD);
        held.disconnects();
        mesh.pass(Duration.ofSeconds(3));
        assertThat(client.stream.view(1).endpoints).isEmpty();

        held.reconnects();
        held.serves(WEB);

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
    }

    @Test
    void subscribersUnderEverNewUidsAreNotAllRemembered() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("silent").subscribes(1, WEB);
        leaving.leaves();

        for (int i = 0; i < 11_000; i++) {
            FakeProxy stranger = mesh.proxy("stranger-" + i);
            stranger.subscribes(1, WEB, List.of(leaving.held(EndpointState.READY))).applies(1);
            stranger.sendsLedger();
            stranger.disconnects();
        }

        assertThat(mesh.report(leaving).votes()).hasSize(10_000);
        assertThat(mesh.report(leaving).status().waitingFor())
                .singleElement()
                .satisfies(each -> assertThat(each.subscriber().uid()).isEqualTo("silent"));
    }

    @Test
    void holdThatIsRepeatedAfterAReconnectGoesOn() throws Exception {
        FakeProxy held = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("silent").subscribes(1, WEB);
        mesh.index.announce(held.connection, Cause.HOLD);

        held.disconnects();
        held.reconnects();
        held.serves(WEB);
        mesh.index.announce(held.connection, Cause.HOLD);
        mesh.pass(Duration.ofSeconds(4));

        assertThat(held.toldState()).isEqualTo(DepartureStatus.State.WAITING);
    }

    @Test
    void shutdownEndsEveryStream() throws Exception {
        FakeProxy first = mesh.proxy("first");
        FakeProxy second = mesh.proxy("second");

        mesh.index.shutDown();

        assertThat(first.stream.closed).isEqualTo(Subscriber.CloseReason.SHUTTING_DOWN);
        assertThat(second.stream.closed).isEqualTo(Subscriber.CloseReason.SHUTTING_DOWN);
    }
}
