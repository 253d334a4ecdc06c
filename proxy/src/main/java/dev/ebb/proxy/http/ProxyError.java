package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.StreamReset;

/// Why a proxy answers a request itself. What each becomes is in [ErrorResponses].
public sealed interface ProxyError {

    /// Names the thing, for logs; never shown to a peer.
    String detail();

    /// What the end of the upstream leg means, before it has answered.
    static ProxyError ofUpstream(StreamReset reset) {
        return switch (reset.cause()) {
            case PROTOCOL -> new UpstreamProtocol(reset.detail());
            case TIMEOUT -> new UpstreamTimeout(reset.detail());
            case NOT_SENT, PEER_CLOSED, OVERLOADED, CANCELLED, GRACE_EXPIRED ->
                    new UpstreamReset(reset.detail());
        };
    }

    /// The request does not say where it wants to go.
    record NoAuthority(String detail) implements ProxyError {}

    /// The request would reach one of this proxy's own listeners.
    record Loop(String detail) implements ProxyError {}

    /// No source knows the destination.
    record UnknownDestination(String detail) implements ProxyError {}

    /// The destination is known, but nothing serves it, and nothing came in time.
    record NoEndpoint(String detail) implements ProxyError {}

    /// Nobody has said yet whether the destination exists.
    record DiscoveryUnavailable(String detail) implements ProxyError {}

    /// A queue is full, or a connection did not become free in time.
    record Overloaded(String detail) implements ProxyError {}

    /// No connection could be made.
    record ConnectFailed(String detail) implements ProxyError {}

    /// No connection was made in time.
    record ConnectTimeout(String detail) implements ProxyError {}

    /// The upstream connection broke off before the response.
    record UpstreamReset(String detail) implements ProxyError {}

    /// The upstream peer broke the protocol.
    record UpstreamProtocol(String detail) implements ProxyError {}

    /// The response did not begin in time.
    record UpstreamTimeout(String detail) implements ProxyError {}

    /// The application has stopped, or is about to; nothing of the request reached it.
    record Leaving(String detail) implements ProxyError {}

    /// Nothing of the request reached the application, and the client's proxy can send it
    /// elsewhere.
    ///
    /// @param uid this instance
    record NotDelivered(String uid, String detail) implements ProxyError {}
}
