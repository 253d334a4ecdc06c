package dev.ebb.proxy.discovery;

import com.google.protobuf.Duration;
import dev.ebb.proto.destination.v1.Awaited;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.Endpoint.State;
import dev.ebb.proto.destination.v1.EndpointKey;
import dev.ebb.proto.destination.v1.Instance;
import dev.ebb.proto.destination.v1.Ledger;
import dev.ebb.proto.destination.v1.SocketAddress;
import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointState;
import dev.ebb.proxy.departure.Balance;
import dev.ebb.proxy.departure.Cause;
import dev.ebb.proxy.departure.ControlAnswer;
import dev.ebb.proxy.departure.ControlAnswer.Application;
import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import dev.ebb.proxy.departure.ControlAnswer.OtherEndpoints;
import dev.ebb.proxy.departure.ControlAnswer.Verdict;
import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/// Turns messages into the values of other packages, and back; a message that breaks the protocol
/// is an [IllegalArgumentException]. Pure.
final class ProtoValues {

    private ProtoValues() {}

    static InetSocketAddress address(SocketAddress address) {
        InetAddress ip = NetUtil.createInetAddressFromIpAddressString(address.getIp());
        if (ip == null || address.getPort() < 1 || address.getPort() > 65_535) {
            throw new IllegalArgumentException(
                    "address: \""
                            + address.getIp()
                            + "\" port "
                            + address.getPort()
                            + " (expected: a literal IP address and a port from 1 to 65535)");
        }
        return new InetSocketAddress(ip, address.getPort());
    }

    static SocketAddress address(InetSocketAddress address) {
        return SocketAddress.newBuilder()
                .setIp(NetUtil.toAddressString(address.getAddress()))
                .setPort(address.getPort())
                .build();
    }

    static Endpoint endpoint(dev.ebb.proto.destination.v1.Endpoint endpoint) {
        // A state of a newer protocol is not a reason to pick the endpoint.
        EndpointState state =
                endpoint.getState() == State.READY ? EndpointState.READY : EndpointState.LEAVING;
        EndpointKey key = endpoint.getKey();
        return new Endpoint(key.getUid(), address(key.getAddress()), state, endpoint.getMeshed());
    }

    static dev.ebb.proto.destination.v1.Endpoint endpoint(Endpoint endpoint) {
        State state =
                switch (endpoint.state()) {
                    case READY -> State.READY;
                    case LEAVING -> State.LEAVING;
                };
        return dev.ebb.proto.destination.v1.Endpoint.newBuilder()
                .setKey(
                        EndpointKey.newBuilder()
                                .setUid(endpoint.uid())
                                .setAddress(address(endpoint.address())))
                .setState(state)
                .setMeshed(endpoint.meshed())
                .build();
    }

    static ControlAnswer answer(DepartureState state) {
        return new ControlAnswer(
                verdict(state.getState()),
                state.getWaitingForList().stream().map(ProtoValues::awaited).toList(),
                state.getWaiting(),
                state.getReason(),
                state.getLapsedList(),
                state.getNoOtherEndpoint() ? OtherEndpoints.NONE : OtherEndpoints.EXIST,
                application(state.getApplication()),
                state.hasDeletion()
                        ? Optional.of(deletion(state.getDeletion()))
                        : Optional.empty());
    }

    private static Deletion deletion(dev.ebb.proto.destination.v1.Deletion deletion) {
        return new Deletion(
                deletion.hasGrace() ? Optional.of(duration(deletion.getGrace())) : Optional.empty(),
                deletion.getOwnHooksList());
    }

    static Ledger ledger(dev.ebb.proxy.departure.Ledger ledger) {
        Balance balance = ledger.balance();
        Ledger.Builder message =
                Ledger.newBuilder()
                        .setCause(ledger.cause().name())
                        .setReleaseReason(ledger.releaseReason().text())
                        .setExit(duration(ledger.times().exit()))
                        .setInFlight(balance.inFlight())
                        .setAccepted(balance.accepted())
                        .setAnswered(balance.answered())
                        .setHandedBack(balance.handedBack())
                        .setAbandoned(balance.abandoned())
                        .setCut(balance.cut())
                        .putAllLost(balance.lost())
                        .addAllCutNames(ledger.cutNames())
                        .addAllOwnHooks(ledger.ownHooks());
        ledger.times().hook().map(ProtoValues::duration).ifPresent(message::setHook);
        ledger.times().release().map(ProtoValues::duration).ifPresent(message::setRelease);
        ledger.times().term().map(ProtoValues::duration).ifPresent(message::setTerm);
        ledger.times().gone().map(ProtoValues::duration).ifPresent(message::setGone);
        ledger.waitedFor().stream().map(ProtoValues::awaited).forEach(message::addWaitedFor);
        return message.build();
    }

    static dev.ebb.proto.destination.v1.Announce.Cause cause(Cause cause) {
        return switch (cause) {
            case HOLD -> dev.ebb.proto.destination.v1.Announce.Cause.HOLD;
            case TERM, HOOK, DELETED, SHUTDOWN -> dev.ebb.proto.destination.v1.Announce.Cause.TERM;
        };
    }

    static Duration duration(java.time.Duration duration) {
        return Duration.newBuilder()
                .setSeconds(duration.getSeconds())
                .setNanos(duration.getNano())
                .build();
    }

    private static java.time.Duration duration(Duration duration) {
        java.time.Duration value =
                java.time.Duration.ofSeconds(duration.getSeconds(), duration.getNanos());
        return value.isNegative() ? java.time.Duration.ZERO : value;
    }

    private static Verdict verdict(DepartureState.State state) {
        return switch (state) {
            case NONE -> Verdict.NONE;
            case WAITING -> Verdict.WAITING;
            case RELEASED -> Verdict.RELEASED;
            // What a newer control plane says in words that we do not know tells us nothing.
            case CANNOT_TELL, STATE_UNSPECIFIED, UNRECOGNIZED -> Verdict.CANNOT_TELL;
        };
    }

    private static Application application(DepartureState.Application application) {
        return switch (application) {
            case RUNNING -> Application.RUNNING;
            case GONE -> Application.GONE;
            case UNKNOWN, APPLICATION_UNSPECIFIED, UNRECOGNIZED -> Application.UNKNOWN;
        };
    }

    private static ControlAnswer.Awaited awaited(Awaited awaited) {
        return new ControlAnswer.Awaited(
                awaited.getSubscriber().getUid(),
                awaited.getSubscriber().getName(),
                awaited.getDestination(),
                duration(awaited.getWaited()));
    }

    private static Awaited awaited(ControlAnswer.Awaited awaited) {
        return Awaited.newBuilder()
                .setSubscriber(Instance.newBuilder().setUid(awaited.uid()).setName(awaited.name()))
                .setDestination(awaited.destination())
                .setWaited(duration(awaited.waited()))
                .build();
    }
}
