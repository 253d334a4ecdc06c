package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.stream.StreamReset;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// One line of the access log: a request, or an opaque connection, whose method is
/// [#OPAQUE_METHOD].
///
/// @param epochMillis when the request ended, by the wall clock
/// @param direction `inbound` or `outbound`
/// @param client the downstream peer
/// @param endpoint the upstream peer of the last attempt, null if there was none
/// @param method the method as it was sent
/// @param authority the authority as it was sent; empty if none
/// @param target the request target as it was sent
/// @param status of the response, 0 if none was sent
/// @param durationNanos from the request's head to the end
/// @param requestBytes body bytes that came from the client
/// @param responseBytes body bytes that went to the client
/// @param attempts how many endpoints were tried
/// @param termination how it ended
public record AccessLogEntry(
        long epochMillis,
        String direction,
        @Nullable SocketAddress client,
        @Nullable SocketAddress endpoint,
        String method,
        String authority,
        String target,
        int status,
        long durationNanos,
        long requestBytes,
        long responseBytes,
        int attempts,
        Termination termination) {

    /// No HTTP method can look like this.
    public static final String OPAQUE_METHOD = "(opaque)";

    /// What cannot be read of a request.
    private static final String UNREAD = "-";

    /// The line of a request that the adapter refused. It took no time and went nowhere.
    static AccessLogEntry of(String direction, RefusedRequest refused) {
        return new AccessLogEntry(
                System.currentTimeMillis(),
                direction,
                refused.client(),
                null,
                refused.method().isEmpty() ? UNREAD : refused.method(),
                refused.authority(),
                refused.target().isEmpty() ? UNREAD : refused.target(),
                refused.status(),
                0,
                0,
                0,
                0,
                Termination.ofDownstream(new StreamReset(refused.cause(), refused.reason())));
    }
}
