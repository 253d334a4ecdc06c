package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.API;
import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Served;
import dev.ebb.controlplane.model.Update;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a subscriber is sent, and what its acknowledgements do.
class SubscriptionTest {
    private final Mesh mesh = Mesh.warm();

    @Test
    void unknownDestinationIsAnsweredWithASnapshotToo() throws Exception {
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        assertThat(client.stream.received).hasSize(1);
        assertThat(client.stream.received.getFirst()).isInstanceOf(Update.Snapshot.class);
        assertThat(client.stream.view(1).known).isFalse();
        assertThat(client.stream.view(1).generation).isEqualTo(1);
    }

    @Test
    void subscriptionsOnOneStreamAreIndependent() throws Exception {
        mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).subscribes(2, API);

        mesh.proxy("api-1").serves(API);

        assertThat(client.stream.view(1).generation).isEqualTo(1);
        assertThat(client.stream.view(2).generation).isEqualTo(2);
        assertThat(client.stream.view(2).holdsReady("api-1")).isTrue();
    }

    @Test
    void subscriberThatDoesNotTakeGetsTheNewestStateOnly() throws Exception {
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        client.stream.ready = false;
        for (int i = 0; i < 100; i++) {
            mesh.proxy("web-" + i).serves(WEB);
        }

        client.stream.ready = true;
        mesh.index.ready(client.connection);

        assertThat(client.stream.received).hasSize(2);
        assertThat(client.stream.view(1).endpoints).hasSize(100);
    }

    @Test
    void unansweredStatesAreBoundedAndThenCoalesced() throws Exception {
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        for (int i = 0; i < 100; i++) {
            mesh.proxy("web-" + i).serves(WEB);
        }

        assertThat(client.stream.received).hasSize(16);
        assertThat(mesh.index.stats().outstanding()).isEqualTo(16);

        client.applies(1, 1);

        assertThat(client.stream.received).hasSize(17);
        assertThat(client.stream.view(1).endpoints).hasSize(100);
    }

    @Test
    void everyUnansweredStateCountsAsHeld() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        mesh.proxy("web-2").serves(WEB);

        leaving.leaves();
        client.applies(1, 2);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1, 3);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void duplicatedOldFalseAndUnknownAcksChangeNothing() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);

        leaving.leaves();
        client.applies(1, 1).applies(1, 0).applies(1, 99).applies(7, 2).applies(1, -1);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(mesh.events.ignoredAcks).isEqualTo(5);
    }

    @Test
    void lostAckIsMadeGoodByTheReconnect() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        client.disconnects();
        client.reconnects();
        client.subscribes(1, WEB);

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void oneAckOvertakesAllEarlierStates() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("web-3").serves(WEB);

        leaving.leaves();
        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(mesh.index.stats().outstanding()).as("only the removal itself").isEqualTo(1);
    }

    @Test
    void unsubscribeEndsTheVote() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        mesh.index.unsubscribe(client.connection, 1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void subscriberThatJoinsInMidDepartureIsNotWaitedFor() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        mesh.proxy("newcomer").subscribes(1, WEB);
        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void numberInUseIsRefused() throws Exception {
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        assertThatThrownBy(() -> client.subscribes(1, API))
                .isInstanceOf(RefusedException.class)
                .hasMessage(
                        "subscription: 1 (expected: a number from 1 that the stream does not use)");
    }

    @Test
    void subscriptionsOfAStreamAreLimited() throws Exception {
        FakeProxy client = mesh.proxy("client");
        for (int i = 1; i <= 1000; i++) {
            client.subscribes(i, new DestinationName("svc-" + i, 80));
        }

        assertThatThrownBy(() -> client.subscribes(1001, WEB))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("at most 1000");
    }

    @Test
    void flappingEndpointSettlesOnTheNewestState() throws Exception {
        FakeProxy flapping = mesh.proxy("web-1");
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB);

        for (int i = 0; i < 100; i++) {
            flapping.serves(WEB);
            flapping.willServe(WEB);
            mesh.pass(Duration.ofMillis(50));
        }
        flapping.serves(WEB);

        assertThat(client.stream.received).hasSize(16);

        client.applies(1);

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
    }

    @Test
    void sameAddressOfAnotherInstanceIsAnotherEndpoint() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        FakeProxy successor = mesh.proxy("web-2");
        mesh.index.register(successor.connection, List.of(new Served(WEB, leaving.address, true)));
        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
        assertThat(client.stream.view(1).holdsReady("web-2")).isTrue();
        assertThat(client.stream.view(1).endpoints).hasSize(1);
    }

    @Test
    void sameInstanceReAddedInMidDepartureStaysLeaving() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB);
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client = mesh.proxy("client").subscribes(1, WEB).applies(1);
        leaving.leaves();

        mesh.index.register(leaving.connection, List.of());
        leaving.serves(WEB);
        client.applies(1);

        assertThat(client.stream.view(1).holdsReady("web-1")).isFalse();
        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void registrationIsLimited() throws Exception {
        FakeProxy greedy = mesh.proxy("greedy");
        var served =
                IntStream.rangeClosed(1, 65)
                        .mapToObj(port -> new Served(WEB, new Address("10.0.0.1", port), true))
                        .toList();

        assertThatThrownBy(() -> mesh.index.register(greedy.connection, served))
                .isInstanceOf(RefusedException.class)
                .hasMessage("register: 65 lines (expected: at most 64)");
    }
}
