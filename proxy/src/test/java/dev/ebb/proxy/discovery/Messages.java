package dev.ebb.proxy.discovery;

import com.google.protobuf.Duration;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Deletion;
import dev.ebb.proto.destination.v1.Delta;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.Recorded;
import dev.ebb.proto.destination.v1.Refused;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proto.destination.v1.Welcome;
import java.util.List;

/// The control plane's words, for scripts.
final class Messages {

    private Messages() {}

    static ControlMessage welcome() {
        return ControlMessage.newBuilder()
                .setWelcome(Welcome.newBuilder().setReplica("r1"))
                .build();
    }

    static ControlMessage snapshot(long subscription, long generation, Endpoint... endpoints) {
        return ControlMessage.newBuilder()
                .setSnapshot(
                        Snapshot.newBuilder()
                                .setSubscription(subscription)
                                .setGeneration(generation)
                                .setKnown(true)
                                .addAllEndpoints(List.of(endpoints)))
                .build();
    }

    static ControlMessage changed(
            long subscription, long base, long generation, Endpoint... endpoints) {
        return ControlMessage.newBuilder()
                .setDelta(
                        Delta.newBuilder()
                                .setSubscription(subscription)
                                .setBase(base)
                                .setGeneration(generation)
                                .setKnown(true)
                                .addAllChanged(List.of(endpoints)))
                .build();
    }

    static ControlMessage removed(
            long subscription, long base, long generation, Endpoint endpoint) {
        return ControlMessage.newBuilder()
                .setDelta(
                        Delta.newBuilder()
                                .setSubscription(subscription)
                                .setBase(base)
                                .setGeneration(generation)
                                .setKnown(true)
                                .addRemoved(endpoint.getKey()))
                .build();
    }

    static ControlMessage refused(long subscription) {
        return ControlMessage.newBuilder()
                .setRefused(Refused.newBuilder().setSubscription(subscription).setReason("because"))
                .build();
    }

    static ControlMessage departure(DepartureState.State state) {
        return ControlMessage.newBuilder()
                .setDeparture(DepartureState.newBuilder().setState(state))
                .build();
    }

    /// What is said of the deletion of an instance whose application has a hook of its own.
    static ControlMessage deleted(DepartureState.State state, int graceSeconds) {
        return ControlMessage.newBuilder()
                .setDeparture(
                        DepartureState.newBuilder()
                                .setState(state)
                                .setDeletion(
                                        Deletion.newBuilder()
                                                .setGrace(
                                                        Duration.newBuilder()
                                                                .setSeconds(graceSeconds))
                                                .addOwnHooks("app")))
                .build();
    }

    static ControlMessage recorded() {
        return ControlMessage.newBuilder().setRecorded(Recorded.getDefaultInstance()).build();
    }

    static Endpoint ready(String uid, int port) {
        return endpoint(uid, port, Endpoint.State.READY);
    }

    static Endpoint leaving(String uid, int port) {
        return endpoint(uid, port, Endpoint.State.LEAVING);
    }

    private static Endpoint endpoint(String uid, int port, Endpoint.State state) {
        return Endpoint.newBuilder()
                .setKey(
                        EndpointKey.newBuilder()
                                .setUid(uid)
                                .setAddress(
                                        SocketAddress.newBuilder()
                                                .setIp("127.0.0.1")
                                                .setPort(port)))
                .setState(state)
                .setMeshed(true)
                .build();
    }
}
