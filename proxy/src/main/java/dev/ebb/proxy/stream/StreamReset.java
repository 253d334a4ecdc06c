package dev.ebb.proxy.stream;

/// Why one message of a stream ended before its end.
///
/// @param cause the class of the cause, which decides what the other leg is told
/// @param detail names the thing, for logs; never shown to a peer
/// @param answered the status that the adapter itself has answered with; 0 if it has not
public record StreamReset(Cause cause, String detail, int answered) {

    /// One that nobody was answered.
    public StreamReset(Cause cause, String detail) {
        this(cause, detail, 0);
    }

    /// What the other leg is told: that this one gave up, or that the grace has ended for both.
    public StreamReset forOtherLeg() {
        return new StreamReset(cause == Cause.GRACE_EXPIRED ? cause : Cause.CANCELLED, detail);
    }

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
        /// Too much is under way already.
        OVERLOADED,
        /// The other leg gave up.
        CANCELLED,
        /// The grace has ended.
        GRACE_EXPIRED
    }
}
