package dev.ebb.proxy.stream;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// A request that a protocol adapter refuses, or gives up, with an answer of its own.
///
/// @param client the downstream peer
/// @param method as far as it could be read, like authority and target; else empty
/// @param status of the answer
/// @param cause the class of the cause
/// @param reason what `ebb-proxy-error` says
/// @param begun whether its way had begun, so that its [StreamListener] hears of it as well
public record RefusedRequest(
        @Nullable SocketAddress client,
        String method,
        String authority,
        String target,
        int status,
        StreamReset.Cause cause,
        String reason,
        boolean begun) {}
