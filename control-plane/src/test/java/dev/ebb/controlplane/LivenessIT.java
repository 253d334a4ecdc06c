package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DeparturesRequest;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.InspectGrpc;
import dev.ebb.proto.destination.v1.Served;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.SocketAddress;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Peers that are slow, silent or many.
class LivenessIT {
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private RunningControlPlane controlPlane;

    @BeforeEach
    void start() throws Exception {
        controlPlane = RunningControlPlane.warm();
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    /// Takes the 5 s that a stream may be without a hello.
    @Test
    void streamThatNeverSaysHelloIsEnded() throws Exception {
        try (StreamClient mute = StreamClient.open(controlPlane.port());
                StreamClient polite = connect("web-1")) {
            Status end = mute.end();

            assertThat(end.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
            assertThat(end.getDescription()).isEqualTo("no message (expected: hello within 5 s)");
            polite.subscribe(1, WEB);
            assertThat(polite.next().hasSnapshot()).isTrue();
        }
    }

    @Test
    void silentPeerLapsesInThreeToFourSecondsAndIsNamed() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(controlPlane.port());
                StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2");
                StreamClient frozen = StreamClient.connect(relay.port(), "frozen")) {
            register(leaving, 4143);
            register(staying, 4144);
            applied(frozen);
            relay.freeze();
            long since = System.nanoTime();

            leaving.announce();
            DepartureState released = leaving.awaitDeparture(DepartureState.State.RELEASED);
            Duration took = Duration.ofNanos(System.nanoTime() - since);

            assertThat(released.getLapsedList()).containsExactly("frozen");
            assertThat(took).isBetween(Duration.ofMillis(2_800), Duration.ofMillis(4_800));
        }
    }

    @Test
    void peerThatThawsWithinItsLeaseKeepsItsVote() throws Exception {
        try (FreezingRelay relay = new FreezingRelay(controlPlane.port());
                StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2");
                StreamClient frozen = StreamClient.connect(relay.port(), "frozen")) {
            register(leaving, 4143);
            register(staying, 4144);
            applied(frozen);
            relay.freeze();
            leaving.announce();
            leaving.awaitDeparture(DepartureState.State.WAITING);

            awaitAge("web-1", Duration.ofMillis(1_500));
            relay.thaw();
            ControlMessage removal = frozen.next();
            frozen.applied(1, removal.getDelta().getGeneration());

            assertThat(leaving.awaitDeparture(DepartureState.State.RELEASED).getLapsedList())
                    .isEmpty();
        }
    }

    @Test
    void deadPeersEndpointIsGoneAfterItsLease() throws Exception {
        try (StreamClient client = connect("client")) {
            try (StreamClient web = connect("web-1")) {
                register(web, 4143);
                applied(client);
            }

            ControlMessage gone = client.next();

            assertThat(gone.getDelta().getRemoved(0).getUid()).isEqualTo("web-1");
        }
    }

    @Test
    void readerThatDoesNotReadIsSentTheNewestStateOnlyAndNothingQueuesUp() throws Exception {
        int subscriptions = 50;
        try (StreamClient slow =
                        StreamClient.open(
                                controlPlane.port(),
                                StreamClient.Reading.NOT_AT_ALL,
                                new Metadata());
                StreamClient web = connect("web-1")) {
            slow.hello("slow");
            for (int i = 1; i <= subscriptions; i++) {
                slow.subscribe(i, WEB);
            }
            await().atMost(LIMIT)
                    .until(() -> controlPlane.metric("ebb_control_subscriptions") == subscriptions);

            for (int change = 0; change < 200; change++) {
                web.register(endpoints(4000 + change));
            }
            web.subscribe(1, WEB);
            web.awaitSnapshot(1);
            double outstanding = controlPlane.metric("ebb_control_outstanding_states");

            assertThat(outstanding)
                    .as("states sent and not answered, of %d changes", 200 * subscriptions)
                    .isBetween(1.0, 150.0);

            slow.read(Integer.MAX_VALUE);
            awaitNewest(slow, subscriptions);
        }
    }

    @Test
    void twoThousandSubscribersThatApplyAtOnceAreAllCounted() throws Exception {
        int subscribers = 2_000;
        int perConnection = 100;
        List<ManagedChannel> channels = new ArrayList<>();
        List<StreamClient> clients = new ArrayList<>();
        try (StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2")) {
            register(leaving, 4143);
            register(staying, 4144);
            for (int i = 0; i < subscribers; i++) {
                if (i % perConnection == 0) {
                    channels.add(StreamClient.channel(controlPlane.port()));
                }
                clients.add(StreamClient.on(channels.getLast(), "client-" + i).subscribe(1, WEB));
            }
            for (StreamClient client : clients) {
                client.applied(1, client.awaitSnapshot(1).getGeneration());
            }

            leaving.announce();
            DepartureState waiting = leaving.awaitDeparture(DepartureState.State.WAITING);
            List<Long> generations = new ArrayList<>();
            for (StreamClient client : clients) {
                generations.add(client.next().getDelta().getGeneration());
            }
            long since = System.nanoTime();
            for (int i = 0; i < subscribers; i++) {
                clients.get(i).applied(1, generations.get(i));
            }
            leaving.awaitDeparture(DepartureState.State.RELEASED);
            Duration took = Duration.ofNanos(System.nanoTime() - since);

            assertThat(waiting.getWaiting()).isEqualTo(subscribers);
            assertThat(waiting.getWaitingForCount()).isEqualTo(100);
            assertThat(took).isLessThan(Duration.ofSeconds(10));
        } finally {
            channels.forEach(ManagedChannel::shutdownNow);
        }
    }

    /// Returns once the departure is so old, by the control plane's clock.
    private void awaitAge(String instance, Duration age) {
        ManagedChannel channel = StreamClient.channel(controlPlane.port());
        try {
            var inspect = InspectGrpc.newBlockingStub(channel);
            var request = DeparturesRequest.newBuilder().setInstance(instance).build();
            await().atMost(LIMIT)
                    .until(() -> {
                        var reported = inspect.departures(request).getDepartures(0).getAge();
                        return Duration.ofSeconds(reported.getSeconds(), reported.getNanos())
                                        .compareTo(age)
                                >= 0;
                    });
        } finally {
            channel.shutdownNow();
        }
    }

    private StreamClient connect(String uid) throws InterruptedException {
        return StreamClient.connect(controlPlane.port(), uid);
    }

    /// Registers, and returns once that is published.
    private static void register(StreamClient web, int port) throws InterruptedException {
        web.register(WEB, "127.0.0.1", port);
        web.subscribe(99, WEB);
        web.awaitSnapshot(99);
        web.unsubscribe(99);
    }

    private static void applied(StreamClient client) throws InterruptedException {
        client.subscribe(1, WEB);
        client.applied(1, client.awaitSnapshot(1).getGeneration());
    }

    private static Served[] endpoints(int firstPort) {
        Served[] served = new Served[64];
        for (int i = 0; i < served.length; i++) {
            served[i] = StreamClient.served(WEB, "127.0.0.1", firstPort + i);
        }
        return served;
    }

    /// Applies what comes until every subscription has the state of the last registration.
    private static void awaitNewest(StreamClient slow, int subscriptions)
            throws InterruptedException {
        Endpoint newest =
                Endpoint.newBuilder()
                        .setKey(
                                EndpointKey.newBuilder()
                                        .setUid("web-1")
                                        .setAddress(
                                                SocketAddress.newBuilder()
                                                        .setIp("127.0.0.1")
                                                        .setPort(4000 + 199 + 63)))
                        .setState(Endpoint.State.READY)
                        .setMeshed(true)
                        .build();
        int reached = 0;
        while (reached < subscriptions) {
            ControlMessage message = slow.next();
            Snapshot snapshot = message.getSnapshot();
            boolean isNewest =
                    snapshot.getEndpointsList().contains(newest)
                            || message.getDelta().getChangedList().contains(newest);
            reached += isNewest ? 1 : 0;
            if (message.hasSnapshot()) {
                slow.applied(snapshot.getSubscription(), snapshot.getGeneration());
            } else if (message.hasDelta()) {
                slow.applied(
                        message.getDelta().getSubscription(), message.getDelta().getGeneration());
            }
        }
    }
}
