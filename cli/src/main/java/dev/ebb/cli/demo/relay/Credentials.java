package dev.ebb.cli.demo.relay;

import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import org.jspecify.annotations.Nullable;

/// Takes the caller's `authorization` from the call that was accepted to the call that is made for
/// it, in grpc's own context.
final class Credentials {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> CALLER = Context.key("authorization");

    private Credentials() {}

    /// On the accepting side.
    static ServerInterceptor remember() {
        return new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                @Nullable String caller = headers.get(AUTHORIZATION);
                Context context = Context.current();
                return Contexts.interceptCall(
                        caller == null ? context : context.withValue(CALLER, caller),
                        call,
                        headers,
                        next);
            }
        };
    }

    /// On the calling side.
    static ClientInterceptor handOn() {
        return new ClientInterceptor() {
            @Override
            public <Q, A> ClientCall<Q, A> interceptCall(
                    MethodDescriptor<Q, A> method, CallOptions options, Channel next) {
                @Nullable String caller = CALLER.get();
                Metadata headers = new Metadata();
                if (caller != null) {
                    headers.put(AUTHORIZATION, caller);
                }
                return MetadataUtils.newAttachHeadersInterceptor(headers)
                        .interceptCall(method, options, next);
            }
        };
    }
}
