package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Snapshot;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The protocol over real sockets.
class ControlStreamIT {
    private RunningControlPlane controlPlane;

    @BeforeEach
    void start() throws Exception {
        controlPlane = RunningControlPlane.warm();
    }

    @AfterEach
    void stop() throws Exception {
        controlPlane.close();
    }

    @Test
    void departureIsReleasedOnceTheClientHasApplied() throws Exception {
        try (StreamClient web1 = StreamClient.connect(controlPlane.port(), "web-1");
                StreamClient web2 = StreamClient.connect(controlPlane.port(), "web-2");
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            web1.register(WEB, "127.0.0.1", 4143);
            client.subscribe(1, WEB);
            Snapshot snapshot = client.next().getSnapshot();
            assertThat(snapshot.getGeneration()).isEqualTo(1);
            web2.register(WEB, "127.0.0.1", 4144);

            web1.announce();
            DepartureState waiting = web1.awaitDeparture(DepartureState.State.WAITING);
            assertThat(waiting.getWaiting()).isEqualTo(1);
            assertThat(waiting.getWaitingFor(0).getSubscriber().getUid()).isEqualTo("client");
            ControlMessage leaving = nextWithChange(client, Endpoint.State.LEAVING);
            client.applied(1, leaving.getDelta().getGeneration());

            web1.awaitDeparture(DepartureState.State.RELEASED);
        }
    }

    private static ControlMessage nextWithChange(StreamClient client, Endpoint.State state)
            throws InterruptedException {
        while (true) {
            ControlMessage message = client.next();
            if (message.getDelta().getChangedList().stream()
                    .anyMatch(endpoint -> endpoint.getState() == state)) {
                return message;
            }
        }
    }
}
