package dev.ebb.controlplane;

import static dev.ebb.controlplane.StreamClient.WEB;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.DepartureQuestion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Hello;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.ProxyMessage;
import dev.ebb.proto.destination.v1.Refused;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.Withdraw;
import io.grpc.Status;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// What the protocol's prose demands of the control plane, MUST by MUST, over real sockets.
class ControlStreamIT {
    private RunningControlPlane controlPlane;

    @BeforeEach
    void start() throws Exception {
        controlPlane = RunningControlPlane.warm();
    }

    @AfterEach
    void stop() {
        controlPlane.close();
    }

    @Test
    void streamThatDoesNotBeginWithHelloIsEnded() throws Exception {
        try (StreamClient client = StreamClient.open(controlPlane.port())) {
            client.subscribe(1, WEB);

            assertThat(client.end().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(client.end().getDescription())
                    .isEqualTo("first message: SUBSCRIBE (expected: hello)");
        }
    }

    @Test
    void secondHelloEndsTheStream() throws Exception {
        try (StreamClient client = connect("client")) {
            client.hello("client");

            assertThat(client.end().getDescription())
                    .isEqualTo("hello: sent twice (expected: once)");
        }
    }

    @Test
    void welcomeComesBeforeAnythingElse() throws Exception {
        try (StreamClient client = StreamClient.open(controlPlane.port())) {
            client.hello("client").subscribe(1, WEB).announce();

            ControlMessage first = client.next();

            assertThat(first.hasWelcome()).isTrue();
            assertThat(first.getWelcome().getReplica()).isNotEmpty();
            assertThat(first.getWelcome().getWarmingUp()).isFalse();
        }
    }

    @Test
    void helloWithAnImpossibleUidIsEnded() throws Exception {
        try (StreamClient empty = StreamClient.open(controlPlane.port());
                StreamClient reserved = StreamClient.open(controlPlane.port());
                StreamClient unprintable = StreamClient.open(controlPlane.port())) {
            empty.hello("");
            reserved.hello("registry:10.0.0.1:80");
            unprintable.hello("two\nlines");

            assertThat(empty.end().getDescription())
                    .isEqualTo(
                            "instance uid: \"\" (expected: 1 to 128 printable ASCII characters)");
            assertThat(reserved.end().getDescription()).contains("does not start with");
            assertThat(unprintable.end().getDescription()).contains("\"two?lines\"");
        }
    }

    @Test
    void subscribeIsAnsweredWithASnapshotThenDeltasThatBuildOnIt() throws Exception {
        try (StreamClient client = connect("client");
                StreamClient web = connect("web-1")) {
            client.subscribe(7, WEB);
            Snapshot snapshot = client.next().getSnapshot();

            web.register(WEB, "127.0.0.1", 4143);
            ControlMessage next = client.next();

            assertThat(snapshot.getSubscription()).isEqualTo(7);
            assertThat(snapshot.getGeneration()).isEqualTo(1);
            assertThat(snapshot.getKnown()).isFalse();
            assertThat(next.getDelta().getSubscription()).isEqualTo(7);
            assertThat(next.getDelta().getBase()).isEqualTo(1);
            assertThat(next.getDelta().getGeneration()).isEqualTo(2);
            assertThat(next.getDelta().getKnown()).isTrue();
            assertThat(next.getDelta().getChanged(0))
                    .satisfies(endpoint -> {
                        assertThat(endpoint.getMeshed()).isTrue();
                        assertThat(endpoint.getState()).isEqualTo(Endpoint.State.READY);
                        assertThat(endpoint.getKey().getUid()).isEqualTo("web-1");
                        assertThat(endpoint.getKey().getAddress().getPort()).isEqualTo(4143);
                    });
        }
    }

    @Test
    void refusedMessageNamesTheThingAndTheStreamGoesOn() throws Exception {
        try (StreamClient client = connect("client")) {
            client.subscribe(7, "Not A Name");
            Refused refused = client.next().getRefused();
            client.subscribe(8, WEB);

            assertThat(refused.getSubscription()).isEqualTo(7);
            assertThat(refused.getReason())
                    .isEqualTo(
                            "destination: \"Not A Name\" (expected: host:port in lower case such"
                                    + " as web.demo:80)");
            assertThat(client.next().getSnapshot().getSubscription()).isEqualTo(8);
        }
    }

    @Test
    void messagesThatMakeNoSenseAreRefused() throws Exception {
        try (StreamClient client = connect("client")) {
            client.send(ProxyMessage.getDefaultInstance());
            assertThat(client.next().getRefused().getReason()).contains("no known kind");
            client.send(
                    ProxyMessage.newBuilder().setAnnounce(Announce.getDefaultInstance()).build());
            assertThat(client.next().getRefused().getReason()).contains("expected: TERM or HOLD");
            client.subscribe(1, WEB, Endpoint.getDefaultInstance());
            assertThat(client.next().getRefused().getReason()).startsWith("address: ");
            client.register("web.demo", "127.0.0.1", 80);
            assertThat(client.next().getRefused().getReason()).startsWith("destination: ");
            client.register(WEB, "127.0.0.1", 0);
            assertThat(client.next().getRefused().getReason()).contains("port from 1 to 65535");
        }
    }

    @Test
    void foreignAddressIsRefused() throws Exception {
        try (StreamClient web = connect("web-1");
                StreamClient client = connect("client")) {
            web.register(WEB, "192.0.2.1", 4143);
            client.subscribe(1, WEB);

            assertThat(web.next().getRefused().getReason())
                    .isEqualTo(
                            "register: address 192.0.2.1:4143 (expected: the peer's own address"
                                    + " 127.0.0.1, or a token)");
            assertThat(client.next().getSnapshot().getEndpointsList()).isEmpty();
        }
    }

    @Test
    void newerStreamOfTheSameInstanceTakesOver() throws Exception {
        try (StreamClient old = connect("client");
                StreamClient newer = connect("client")) {
            newer.subscribe(1, WEB);

            assertThat(old.end().getCode()).isEqualTo(Status.Code.ABORTED);
            assertThat(old.end().getDescription()).contains("newer stream");
            assertThat(newer.next().hasSnapshot()).isTrue();
        }
    }

    @Test
    void departureIsReleasedOnceTheClientHasApplied() throws Exception {
        try (StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2");
                StreamClient client = connect("client")) {
            leaving.register(WEB, "127.0.0.1", 4143);
            staying.register(WEB, "127.0.0.1", 4144);
            subscribeTo(client, 2);

            leaving.announce();
            DepartureState waiting = leaving.awaitDeparture(DepartureState.State.WAITING);
            client.applied(1, awaitLeaving(client));
            DepartureState released = leaving.awaitDeparture(DepartureState.State.RELEASED);

            assertThat(waiting.getWaiting()).isEqualTo(1);
            assertThat(waiting.getWaitingFor(0).getSubscriber().getUid()).isEqualTo("client");
            assertThat(waiting.getWaitingFor(0).getDestination()).isEqualTo(WEB);
            assertThat(waiting.getReason()).isEqualTo("1 subscriber has not applied");
            assertThat(released.getNoOtherEndpoint()).isFalse();
            assertThat(client.next().getDelta().getRemoved(0).getUid())
                    .as("removed after the release")
                    .isEqualTo("web-1");
        }
    }

    @Test
    void ackIsCountedThoughItsSenderDiesRightAfter() throws Exception {
        try (StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2");
                StreamClient client = connect("client")) {
            leaving.register(WEB, "127.0.0.1", 4143);
            staying.register(WEB, "127.0.0.1", 4144);
            subscribeTo(client, 2);
            leaving.announce();
            long generation = awaitLeaving(client);

            client.applied(1, generation);
            client.finish();
            DepartureState released = leaving.awaitDeparture(DepartureState.State.RELEASED);

            assertThat(released.getLapsedList()).isEmpty();
        }
    }

    @Test
    void reconnectWithinTheLeaseKeepsTheVoteAndTheNewSnapshotIsAckedAnew() throws Exception {
        try (StreamClient leaving = connect("web-1");
                StreamClient staying = connect("web-2")) {
            leaving.register(WEB, "127.0.0.1", 4143);
            staying.register(WEB, "127.0.0.1", 4144);
            Endpoint held;
            try (StreamClient client = connect("client")) {
                held = subscribeTo(client, 2).getEndpoints(0);
                leaving.announce();
                leaving.awaitDeparture(DepartureState.State.WAITING);
            }

            try (StreamClient again = connect("client")) {
                again.subscribe(1, WEB, held);
                Snapshot snapshot = again.next().getSnapshot();
                again.applied(1, snapshot.getGeneration());
                DepartureState released = leaving.awaitDeparture(DepartureState.State.RELEASED);

                assertThat(snapshot.getEndpointsList())
                        .anyMatch(endpoint -> endpoint.getState() == Endpoint.State.LEAVING);
                assertThat(released.getLapsedList()).isEmpty();
            }
        }
    }

    @Test
    void questionIsAnsweredAtOnce() throws Exception {
        try (StreamClient web = connect("web-1")) {
            web.send(
                    ProxyMessage.newBuilder()
                            .setQuestion(DepartureQuestion.getDefaultInstance())
                            .build());

            DepartureState answer = web.next().getDeparture();

            assertThat(answer.getState()).isEqualTo(DepartureState.State.NONE);
            assertThat(answer.getApplication()).isEqualTo(DepartureState.Application.UNKNOWN);
        }
    }

    @Test
    void holdCanBeWithdrawnAndTermCannot() throws Exception {
        try (StreamClient held = connect("web-1");
                StreamClient client = connect("client")) {
            held.register(WEB, "127.0.0.1", 4143);
            subscribeTo(client, 1);
            held.send(
                    ProxyMessage.newBuilder()
                            .setAnnounce(Announce.newBuilder().setCause(Announce.Cause.HOLD))
                            .build());
            awaitLeaving(client);

            held.send(withdraw());
            ControlMessage readyAgain = client.next();
            held.announce().send(withdraw());

            assertThat(readyAgain.getDelta().getChanged(0).getState())
                    .isEqualTo(Endpoint.State.READY);
            assertThat(held.awaitRefused().getReason()).contains("expected: one that began with");
        }
    }

    @Test
    void ledgerIsRecordedAndTheEndpointIsGone() throws Exception {
        try (StreamClient leaving = connect("web-1");
                StreamClient client = connect("client")) {
            leaving.register(WEB, "127.0.0.1", 4143);
            subscribeTo(client, 1);

            leaving.send(
                    ProxyMessage.newBuilder()
                            .setLedger(Ledger.newBuilder().setCause("SHUTDOWN").setAnswered(3))
                            .build());

            assertThat(leaving.next().hasRecorded()).isTrue();
            assertThat(client.next().getDelta().getRemoved(0).getUid()).isEqualTo("web-1");
        }
    }

    @Test
    void oversizeMessageEndsItsStreamOnly() throws Exception {
        try (StreamClient client = connect("client");
                StreamClient other = connect("other")) {
            String huge = ByteString.copyFrom(new byte[2 * 1024 * 1024]).toStringUtf8();

            client.send(
                    ProxyMessage.newBuilder()
                            .setHello(
                                    Hello.newBuilder()
                                            .setInstance(Instance.newBuilder().setName(huge)))
                            .build());

            assertThat(client.end().isOk()).isFalse();
            other.subscribe(1, WEB);
            assertThat(other.next().hasSnapshot()).isTrue();
        }
    }

    @Test
    void acksOfUnknownSubscriptionsAndGenerationsAreIgnored() throws Exception {
        try (StreamClient client = connect("client")) {
            client.applied(99, 1).applied(1, 50);
            client.send(
                    ProxyMessage.newBuilder()
                            .setApplied(Applied.newBuilder().setGeneration(-1))
                            .build());
            client.subscribe(1, WEB);

            assertThat(client.next().hasSnapshot()).as("nothing was refused").isTrue();
        }
    }

    private StreamClient connect(String uid) throws InterruptedException {
        return StreamClient.connect(controlPlane.port(), uid);
    }

    private static ProxyMessage withdraw() {
        return ProxyMessage.newBuilder().setWithdraw(Withdraw.getDefaultInstance()).build();
    }

    /// Subscribes again and again until so many endpoints are ready, and applies that;
    /// registrations come on other streams, so their order is open.
    private static Snapshot subscribeTo(StreamClient client, int endpoints)
            throws InterruptedException {
        for (long number = 1_000; number < 100_000; number++) {
            client.subscribe(number, WEB);
            Snapshot snapshot = client.awaitSnapshot(number);
            client.unsubscribe(number);
            if (snapshot.getEndpointsCount() == endpoints) {
                client.subscribe(1, WEB);
                Snapshot last = client.awaitSnapshot(1);
                client.applied(1, last.getGeneration());
                return last;
            }
        }
        throw new AssertionError("never " + endpoints + " endpoints");
    }

    private static long awaitLeaving(StreamClient client) throws InterruptedException {
        while (true) {
            ControlMessage message = client.next();
            if (message.getDelta().getChangedList().stream()
                    .anyMatch(endpoint -> endpoint.getState() == Endpoint.State.LEAVING)) {
                return message.getDelta().getGeneration();
            }
        }
    }
}
