package dev.ebb.controlplane.grpc;

import com.google.protobuf.Duration;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.EndpointSet;
import dev.ebb.controlplane.model.Update;
import dev.ebb.proto.destination.v1.Awaited;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Deletion;
import dev.ebb.proto.destination.v1.Delta;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Recorded;
import dev.ebb.proto.destination.v1.Refused;
import dev.ebb.proto.destination.v1.Snapshot;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proto.destination.v1.Welcome;

/// Writes values of the model into the messages of a control stream.
final class ToProto {

    static ControlMessage welcome(Welcome welcome) {
        return ControlMessage.newBuilder().setWelcome(welcome).build();
    }

    static ControlMessage refused(long subscription, String reason) {
        Refused refused =
                Refused.newBuilder().setSubscription(subscription).setReason(reason).build();
        return ControlMessage.newBuilder().setRefused(refused).build();
    }

    static ControlMessage recorded() {
        return ControlMessage.newBuilder().setRecorded(Recorded.getDefaultInstance()).build();
    }

    static ControlMessage update(Update update) {
        ControlMessage.Builder message = ControlMessage.newBuilder();
        return switch (update) {
            case Update.Snapshot snapshot -> message.setSnapshot(snapshot(snapshot)).build();
            case Update.Delta delta -> message.setDelta(delta(delta)).build();
            case Update.Departing departing ->
                    message.setDeparture(departure(departing.status())).build();
        };
    }

    static DepartureState departure(dev.ebb.controlplane.model.DepartureStatus status) {
        DepartureState.Builder message =
                DepartureState.newBuilder()
                        .setState(state(status))
                        .setWaiting(status.waiting())
                        .setReason(status.reason())
                        .addAllLapsed(status.lapsed())
                        .setNoOtherEndpoint(status.noOtherEndpoint())
                        .setApplication(application(status));
        status.deletion().map(ToProto::deletion).ifPresent(message::setDeletion);
        status.waitingFor().forEach(awaited -> message.addWaitingFor(awaited(awaited)));
        return message.build();
    }

    private static Deletion deletion(dev.ebb.controlplane.model.DepartureStatus.Deletion deletion) {
        Deletion.Builder message = Deletion.newBuilder().addAllOwnHooks(deletion.ownHooks());
        deletion.grace().map(ToProto::duration).ifPresent(message::setGrace);
        return message.build();
    }

    static Awaited awaited(dev.ebb.controlplane.model.Awaited awaited) {
        return Awaited.newBuilder()
                .setSubscriber(instance(awaited.subscriber()))
                .setDestination(awaited.destination().toString())
                .setWaited(duration(awaited.waited()))
                .build();
    }

    static Instance instance(dev.ebb.controlplane.model.Instance instance) {
        return Instance.newBuilder().setUid(instance.uid()).setName(instance.name()).build();
    }

    static Endpoint endpoint(dev.ebb.controlplane.model.Endpoint endpoint) {
        Endpoint.State state =
                switch (endpoint.state()) {
                    case READY -> Endpoint.State.READY;
                    case LEAVING -> Endpoint.State.LEAVING;
                };
        return Endpoint.newBuilder()
                .setKey(key(endpoint.key()))
                .setState(state)
                .setMeshed(endpoint.meshed())
                .build();
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static Snapshot snapshot(Update.Snapshot snapshot) {
        EndpointSet endpoints = snapshot.endpoints();
        Snapshot.Builder message =
                Snapshot.newBuilder()
                        .setSubscription(snapshot.subscription())
                        .setGeneration(snapshot.generation())
                        .setKnown(endpoints.known());
        endpoints.endpoints().values().forEach(each -> message.addEndpoints(endpoint(each)));
        return message.build();
    }

    private static Delta delta(Update.Delta delta) {
        Delta.Builder message =
                Delta.newBuilder()
                        .setSubscription(delta.subscription())
                        .setBase(delta.base())
                        .setGeneration(delta.generation())
                        .setKnown(delta.known());
        delta.changed().forEach(each -> message.addChanged(endpoint(each)));
        delta.removed().forEach(each -> message.addRemoved(key(each)));
        return message.build();
    }

    private static EndpointKey key(dev.ebb.controlplane.model.EndpointKey key) {
        Address address = key.address();
        return EndpointKey.newBuilder()
                .setUid(key.uid())
                .setAddress(SocketAddress.newBuilder().setIp(address.ip()).setPort(address.port()))
                .build();
    }

    private static DepartureState.State state(dev.ebb.controlplane.model.DepartureStatus status) {
        return switch (status.state()) {
            case NONE -> DepartureState.State.NONE;
            case WAITING -> DepartureState.State.WAITING;
            case RELEASED -> DepartureState.State.RELEASED;
            case CANNOT_TELL -> DepartureState.State.CANNOT_TELL;
        };
    }

    private static DepartureState.Application application(
            dev.ebb.controlplane.model.DepartureStatus status) {
        return switch (status.application()) {
            case UNKNOWN -> DepartureState.Application.UNKNOWN;
            case RUNNING -> DepartureState.Application.RUNNING;
            case GONE -> DepartureState.Application.GONE;
        };
    }

    private ToProto() {}
}
