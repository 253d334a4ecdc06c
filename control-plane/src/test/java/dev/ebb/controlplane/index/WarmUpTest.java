package dev.ebb.controlplane.index;

import static dev.ebb.controlplane.index.Mesh.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Registry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/// A control plane that has just been started and does not know yet what it does not know.
class WarmUpTest {
    private final Mesh before = Mesh.warm();
    private final Mesh mesh = Mesh.fresh();

    @Test
    void departuresAreAnsweredWithCannotTell() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();
        mesh.proxy("web-2").serves(WEB);

        mesh.pass(Duration.ofMillis(9_900));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.CANNOT_TELL);
        assertThat(leaving.stream.lastDeparture().reason()).contains("warming up");

        mesh.pass(Duration.ofMillis(100));

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void warmsUpFromWhenTheSourcesAreSynced() throws Exception {
        Mesh unsynced = new Mesh(IndexSettings.DEFAULT);

        unsynced.pass(Duration.ofSeconds(60));
        assertThat(unsynced.index.isWarmingUp()).isTrue();

        unsynced.index.synced();
        unsynced.pass(Duration.ofMillis(9_900));
        assertThat(unsynced.index.isWarmingUp()).isTrue();

        unsynced.pass(Duration.ofMillis(100));
        assertThat(unsynced.index.isWarmingUp()).isFalse();
    }

    @Test
    void nothingThatAReconnectingSubscriberHoldsIsTakenAway() throws Exception {
        FakeProxy serving = before.proxy("web-1");
        FakeProxy client = mesh.proxy("client");

        client.subscribes(1, WEB, List.of(serving.held(EndpointState.READY)));

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();
        assertThat(client.stream.view(1).known).isTrue();

        mesh.index.registry(Registry.EMPTY);
        mesh.pass(Duration.ofSeconds(9));

        assertThat(client.stream.view(1).holdsReady("web-1")).isTrue();

        mesh.pass(Duration.ofSeconds(1));

        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void whatOneSubscriberHoldsIsNotPublishedToOthers() throws Exception {
        FakeProxy serving = before.proxy("web-1");
        mesh.proxy("client").subscribes(1, WEB, List.of(serving.held(EndpointState.READY)));

        FakeProxy other = mesh.proxy("other").subscribes(1, WEB);

        assertThat(other.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void departureThatIsKnownTakesAwayWhatIsHeld() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1");
        FakeProxy client =
                mesh.proxy("client").subscribes(1, WEB, List.of(leaving.held(EndpointState.READY)));

        leaving.leaves();

        assertThat(client.stream.view(1).holdsLeaving("web-1")).isTrue();

        leaving.sendsLedger();

        assertThat(client.stream.view(1).endpoints).isEmpty();
    }

    @Test
    void endpointThatASubscriberHoldsAsLeavingIsNotMadeReadyAgain() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1");
        FakeProxy client =
                mesh.proxy("client")
                        .subscribes(1, WEB, List.of(leaving.held(EndpointState.LEAVING)));

        leaving.serves(WEB);

        assertThat(client.stream.view(1).holdsReady("web-1")).isFalse();

        leaving.leaves();
        mesh.pass(Duration.ofSeconds(12));

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void replayRestoresADepartureAndItsVotes() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();
        mesh.proxy("web-2").serves(WEB);
        FakeProxy client =
                mesh.proxy("client").subscribes(1, WEB, List.of(leaving.held(EndpointState.READY)));

        mesh.pass(Duration.ofSeconds(10));

        assertThat(leaving.toldState()).isEqualTo(DepartureStatus.State.WAITING);
        assertThat(leaving.stream.lastDeparture().waiting()).isEqualTo(1);

        client.applies(1);

        assertThat(leaving.isReleased()).isTrue();
    }

    @Test
    void votesThatCameInWhileWarmingUpCount() throws Exception {
        FakeProxy leaving = mesh.proxy("web-1").serves(WEB).leaves();
        mesh.proxy("web-2").serves(WEB);
        mesh.proxy("client")
                .subscribes(1, WEB, List.of(leaving.held(EndpointState.READY)))
                .applies(1);

        mesh.pass(Duration.ofSeconds(10));

        assertThat(leaving.isReleased()).isTrue();
    }
}
