package dev.ebb.controlplane.grpc;

import dev.ebb.drain.DrainLease;
import dev.ebb.drain.DrainWatch;
import dev.ebb.proto.destination.v1.DestinationGrpc;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tells who calls, limits how many calls a peer has at once, and asks for the token where there is
/// one. Thread-safe.
final class PeerInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final ConcurrentHashMap<InetAddress, Integer> calls = new ConcurrentHashMap<>();
    private final int maxCalls;
    private final Optional<String> token;
    private final DrainWatch drain;

    /// @param maxCalls how many calls one address may have at once
    /// @param token what a control stream has to show
    /// @param drain is held by every call
    PeerInterceptor(int maxCalls, Optional<String> token, DrainWatch drain) {
        this.maxCalls = maxCalls;
        this.token = token;
        this.drain = drain;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                instanceof InetSocketAddress remote)) {
            return refuse(call, Status.INTERNAL.withDescription("the peer has no IP address"));
        }
        if (token.isPresent() && isControlStream(call) && !isShown(headers, token.get())) {
            return refuse(
                    call,
                    Status.UNAUTHENTICATED.withDescription(
                            "authorization (expected: \"Bearer \" and the content of the token"
                                    + " file)"));
        }
        InetAddress ip = remote.getAddress();
        if (calls.merge(ip, 1, Integer::sum) > maxCalls) {
            release(ip);
            return refuse(
                    call,
                    Status.RESOURCE_EXHAUSTED.withDescription(
                            "calls of %s (expected: at most %d at once)"
                                    .formatted(ip.getHostAddress(), maxCalls)));
        }
        Peer.Trust trust = token.isPresent() ? Peer.Trust.TOKEN : Peer.Trust.OWN_ADDRESS;
        Context context = Context.current().withValue(Peer.CURRENT, new Peer(ip, trust));
        DrainLease lease = drain.hold(new Call(call.getMethodDescriptor().getFullMethodName(), ip));
        return new Counted<>(Contexts.interceptCall(context, call, headers, next), ip, lease);
    }

    private void release(InetAddress ip) {
        calls.computeIfPresent(ip, (_, count) -> count == 1 ? null : count - 1);
    }

    private static boolean isControlStream(ServerCall<?, ?> call) {
        return DestinationGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
    }

    /// Compares in constant time, so that the token cannot be guessed piece by piece.
    private static boolean isShown(Metadata headers, String token) {
        String shown = headers.get(AUTHORIZATION);
        return shown != null
                && MessageDigest.isEqual(
                        shown.getBytes(StandardCharsets.UTF_8),
                        (BEARER + token).getBytes(StandardCharsets.UTF_8));
    }

    private static <Q, A> ServerCall.Listener<Q> refuse(ServerCall<Q, A> call, Status status) {
        call.close(status, new Metadata());
        return new ServerCall.Listener<>() {};
    }

    /// Gives the peer's call back when it ends; gRPC calls exactly one of the two.
    private final class Counted<Q> extends SimpleForwardingServerCallListener<Q> {
        private final InetAddress ip;
        private final DrainLease lease;

        Counted(ServerCall.Listener<Q> delegate, InetAddress ip, DrainLease lease) {
            super(delegate);
            this.ip = ip;
            this.lease = lease;
        }

        @Override
        public void onComplete() {
            super.onComplete();
            giveBack();
        }

        @Override
        public void onCancel() {
            super.onCancel();
            giveBack();
        }

        private void giveBack() {
            release(ip);
            lease.close();
        }
    }

    /// Names a call that holds the drain.
    private record Call(String method, InetAddress ip) {
        @Override
        public String toString() {
            return method + " of " + ip.getHostAddress();
        }
    }
}
