package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.Awaited;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Deletion;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Served;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// One proxy as the test's control plane knows it: what it serves, what it subscribes to, whether
/// it leaves. Guarded by the control plane's lock.
final class TestInstance {

    final String uid;
    final String name;
    final Map<Long, TestSubscription> subscriptions = new HashMap<>();

    /// Names of those who died while this one waited for them.
    final Set<String> lapsed = new TreeSet<>();

    List<Served> served = List.of();
    @Nullable StreamObserver<ControlMessage> stream;
    @Nullable Long leavingSince;
    private @Nullable Deletion deletion;
    boolean asked;
    boolean released;

    TestInstance(String uid, String name) {
        this.uid = uid;
        this.name = name;
    }

    boolean isLeaving() {
        return leavingSince != null;
    }

    /// As subscribers are told.
    Endpoint endpoint(Served at) {
        return Endpoint.newBuilder()
                .setKey(EndpointKey.newBuilder().setUid(uid).setAddress(at.getAddress()))
                .setState(isLeaving() ? Endpoint.State.LEAVING : Endpoint.State.READY)
                .setMeshed(true)
                .build();
    }

    boolean isReadyFor(String destination) {
        return !isLeaving() && serves(destination, true);
    }

    /// Whether it is a replacement that is coming.
    boolean isComingFor(String destination) {
        return !isLeaving() && serves(destination, false);
    }

    /// From now on it is told that it is deleted, whether it asks or not.
    void isToldOfItsDeletion(Duration grace) {
        asked = true;
        deletion =
                Deletion.newBuilder()
                        .setGrace(
                                com.google.protobuf.Duration.newBuilder()
                                        .setSeconds(grace.toSeconds()))
                        .addOwnHooks("app")
                        .build();
    }

    /// What it is told of its departure, but for the state.
    DepartureState.Builder departure() {
        DepartureState.Builder told =
                DepartureState.newBuilder()
                        .setApplication(DepartureState.Application.UNKNOWN)
                        .addAllLapsed(lapsed);
        return deletion == null ? told : told.setDeletion(deletion);
    }

    /// Says it, if anybody listens.
    void send(ControlMessage.Builder message) {
        if (stream != null) {
            stream.onNext(message.build());
        }
    }

    /// A subscriber that is waited for.
    static Awaited awaited(String name) {
        return Awaited.newBuilder()
                .setSubscriber(Instance.newBuilder().setUid("uid-of-" + name).setName(name))
                .build();
    }

    private boolean serves(String destination, boolean ready) {
        return served.stream()
                .anyMatch(each ->
                        each.getDestination().equals(destination) && each.getReady() == ready);
    }
}
