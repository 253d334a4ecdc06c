package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.cluster.Identities;
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
import org.jspecify.annotations.Nullable;

/// Tells who calls, limits how many calls a peer has at once, and asks for a token where there is
/// one to be shown. Thread-safe.
final class PeerInterceptor implements ServerInterceptor {
    static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final String BEARER = "Bearer ";

    private final ConcurrentHashMap<InetAddress, Integer> calls = new ConcurrentHashMap<>();
    private final int maxCalls;
    private final Authentication authentication;
    private final DrainWatch drain;

    /// @param maxCalls how many calls one address may have at once
    /// @param authentication what a control stream has to show
    /// @param drain is held by every call
    PeerInterceptor(int maxCalls, Authentication authentication, DrainWatch drain) {
        this.maxCalls = maxCalls;
        this.authentication = authentication;
        this.drain = drain;
    }

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
            ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
        if (!(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)
                instanceof InetSocketAddress remote)) {
            return refuse(call, Status.INTERNAL.withDescription("the peer has no IP address"));
        }
        Optional<Peer.Trust> trust =
                isControlStream(call)
                        ? trust(headers.get(AUTHORIZATION))
                        : Optional.of(new Peer.Trust.OwnAddress());
        if (trust.isEmpty()) {
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
        Context context = Context.current().withValue(Peer.CURRENT, new Peer(ip, trust.get()));
        DrainLease lease = drain.hold(new Call(call.getMethodDescriptor().getFullMethodName(), ip));
        return new Counted<>(Contexts.interceptCall(context, call, headers, next), ip, lease);
    }

    private void release(InetAddress ip) {
        calls.computeIfPresent(ip, (_, count) -> count == 1 ? null : count - 1);
    }

    private static boolean isControlStream(ServerCall<?, ?> call) {
        return DestinationGrpc.SERVICE_NAME.equals(call.getMethodDescriptor().getServiceName());
    }

    /// What follows from the header; empty if it does not show what it has to.
    private Optional<Peer.Trust> trust(@Nullable String header) {
        String shown =
                header != null && header.startsWith(BEARER)
                        ? header.substring(BEARER.length())
                        : "";
        return switch (authentication) {
            case Authentication.ByAddress() -> Optional.of(new Peer.Trust.OwnAddress());
            case Authentication.BySharedToken(String token) ->
                    isSame(shown, token)
                            ? Optional.of(new Peer.Trust.SharedToken())
                            : Optional.empty();
            case Authentication.ByOwnToken(Identities identities) ->
                    shown.isBlank()
                            ? Optional.empty()
                            : Optional.of(new Peer.Trust.OwnToken(shown, identities));
        };
    }

    /// Compares in constant time, so that the token cannot be guessed piece by piece.
    private static boolean isSame(String shown, String token) {
        return MessageDigest.isEqual(
                shown.getBytes(StandardCharsets.UTF_8), token.getBytes(StandardCharsets.UTF_8));
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
