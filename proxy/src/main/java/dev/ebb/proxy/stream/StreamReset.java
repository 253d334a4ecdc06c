package dev.ebb.proxy.stream;

/// Why one message of a stream ended before its end.
///
/// @param cause the class of the cause, which decides what the other leg is told
/// @param detail names the thing, for logs; never shown to a peer
public record StreamReset(Cause cause, String detail) {

    /// The classes of cause.
    public enum Cause {
        /// Nothing of the request was written to the peer: it is safe to send it elsewhere.
        NOT_SENT,
        /// The peer closed or reset the stream.
        PEER_CLOSED,
        /// The peer broke the protocol.
        PROTOCOL,
        /// A time limit passed.
        TIMEOUT,
        /// The other leg gave up.
        CANCELLED,
        /// The grace has ended.
        GRACE_EXPIRED
    }
}
