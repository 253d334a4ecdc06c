package dev.ebb.controlplane.grpc;

import com.google.protobuf.Duration;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.Awaited;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import dev.ebb.controlplane.model.Served;
import dev.ebb.proto.destination.v1.Announce;
import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.Register;
import dev.ebb.proto.destination.v1.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads messages into values of the model; an [IllegalArgumentException] names what is wrong and
/// what was expected.
final class FromProto {
    static Instance instance(dev.ebb.proto.destination.v1.Instance instance) {
        return new Instance(instance.getUid(), instance.getName());
    }

    static List<Served> served(Register register) {
        List<Served> served = new ArrayList<>();
        for (var line : register.getServedList()) {
            served.add(
                    new Served(
                            DestinationName.parse(line.getDestination()),
                            address(line.getAddress()),
                            line.getReady()));
        }
        return served;
    }

    static List<Endpoint> endpoints(List<dev.ebb.proto.destination.v1.Endpoint> endpoints) {
        return endpoints.stream().map(FromProto::endpoint).toList();
    }

    static Index.AppliedAs appliedAs(Applied applied) {
        return applied.getLastResort() ? Index.AppliedAs.LAST_RESORT : Index.AppliedAs.READY_ONLY;
    }

    static Cause cause(Announce announce) {
        return switch (announce.getCause()) {
            case TERM -> Cause.TERM;
            case HOLD -> Cause.HOLD;
            case CAUSE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException(
                            "announce cause: %s (expected: TERM or HOLD)"
                                    .formatted(announce.getCause()));
        };
    }

    static Ledger ledger(dev.ebb.proto.destination.v1.Ledger ledger) {
        return new Ledger(
                ledger.getCause(),
                new Ledger.Times(
                        when(ledger.hasHook(), ledger.getHook()),
                        when(ledger.hasRelease(), ledger.getRelease()),
                        when(ledger.hasTerm(), ledger.getTerm()),
                        when(ledger.hasGone(), ledger.getGone()),
                        when(ledger.hasExit(), ledger.getExit())),
                ledger.getReleaseReason(),
                new Ledger.Counts(
                        ledger.getInFlight(),
                        ledger.getAccepted(),
                        ledger.getAnswered(),
                        ledger.getHandedBack(),
                        ledger.getAbandoned(),
                        ledger.getCut(),
                        ledger.getLostMap()),
                ledger.getCutNamesList(),
                ledger.getWaitedForList().stream()
                        .limit(Ledger.MAX_NAMED)
                        .map(FromProto::awaited)
                        .toList(),
                ledger.getOwnHooksList());
    }

    private static Awaited awaited(dev.ebb.proto.destination.v1.Awaited awaited) {
        return new Awaited(
                instance(awaited.getSubscriber()),
                DestinationName.parse(awaited.getDestination()),
                duration(awaited.getWaited()));
    }

    private static Optional<java.time.Duration> when(boolean happened, Duration duration) {
        return happened ? Optional.of(duration(duration)) : Optional.empty();
    }

    private static java.time.Duration duration(Duration duration) {
        try {
            return java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "duration: %d s %d ns (expected: one in range)"
                            .formatted(duration.getSeconds(), duration.getNanos()));
        }
    }

    private static Endpoint endpoint(dev.ebb.proto.destination.v1.Endpoint endpoint) {
        EndpointKey key =
                new EndpointKey(
                        endpoint.getKey().getUid(), address(endpoint.getKey().getAddress()));
        return new Endpoint(key, state(endpoint.getState()), endpoint.getMeshed());
    }

    private static EndpointState state(dev.ebb.proto.destination.v1.Endpoint.State state) {
        return switch (state) {
            case READY -> EndpointState.READY;
            case LEAVING -> EndpointState.LEAVING;
            case STATE_UNSPECIFIED, UNRECOGNIZED ->
                    throw new IllegalArgumentException(
                            "endpoint state: %s (expected: READY or LEAVING)".formatted(state));
        };
    }

    private static Address address(SocketAddress address) {
        return new Address(address.getIp(), address.getPort());
    }

    private FromProto() {}
}
