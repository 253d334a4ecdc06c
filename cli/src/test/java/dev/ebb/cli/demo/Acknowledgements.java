package dev.ebb.cli.demo;

import dev.ebb.proto.destination.v1.Applied;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.ProxyMessage;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.ForwardingClientCall.SimpleForwardingClientCall;
import io.grpc.ForwardingClientCallListener.SimpleForwardingClientCallListener;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;

/// Speaks for a proxy on its way to the control plane: what the proxy says to have applied is
/// dropped, and what it has not applied yet may be said to be.
enum Acknowledgements implements ClientInterceptor {
    /// Every state is acknowledged when it comes in, before the proxy has seen it.
    TOO_EARLY,
    /// None is ever acknowledged, though the proxy applies it.
    NEVER;

    @Override
    public <Q, A> ClientCall<Q, A> interceptCall(
            MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
        return new Forged<>(next.newCall(method, options));
    }

    private Applied applied(ControlMessage state) {
        return state.hasSnapshot()
                ? applied(
                        state.getSnapshot().getSubscription(), state.getSnapshot().getGeneration())
                : applied(state.getDelta().getSubscription(), state.getDelta().getGeneration());
    }

    private static Applied applied(long subscription, long generation) {
        return Applied.newBuilder().setSubscription(subscription).setGeneration(generation).build();
    }

    /// A control stream. The lock keeps the proxy's messages and ours apart.
    private final class Forged<Q, A> extends SimpleForwardingClientCall<Q, A> {
        Forged(ClientCall<Q, A> call) {
            super(call);
        }

        @Override
        public void start(Listener<A> proxy, Metadata headers) {
            super.start(
                    new SimpleForwardingClientCallListener<>(proxy) {
                        @Override
                        public void onMessage(A message) {
                            if (message instanceof ControlMessage state
                                    && (state.hasSnapshot() || state.hasDelta())) {
                                came(state);
                            }
                            super.onMessage(message);
                        }
                    },
                    headers);
        }

        @Override
        public synchronized void sendMessage(Q message) {
            if (!(message instanceof ProxyMessage proxy && proxy.hasApplied())) {
                super.sendMessage(message);
            }
        }

        // The call's requests are proxies' messages where its responses are a control plane's.
        @SuppressWarnings("unchecked")
        private synchronized void came(ControlMessage state) {
            if (Acknowledgements.this == TOO_EARLY) {
                super.sendMessage((Q) ProxyMessage.newBuilder().setApplied(applied(state)).build());
            }
        }
    }
}
