package dev.ebb.proxy.opaque;

/// What became of an opaque connection.
///
/// @param sent bytes from the downstream to the upstream side
/// @param received bytes from the upstream to the downstream side
public record OpaqueEnd(Kind kind, long sent, long received) {

    /// How it ended.
    public enum Kind {
        /// Both halves were closed by their senders.
        ENDED,
        /// One side was reset, and so was the other.
        RESET,
        /// There was no upstream connection.
        REFUSED,
        /// The grace ended.
        CUT
    }
}
