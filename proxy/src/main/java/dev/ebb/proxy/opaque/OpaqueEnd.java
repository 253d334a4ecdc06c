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
        /// The peer of the downstream connection went away, and the upstream one was reset.
        DOWNSTREAM_RESET,
        /// The peer of the upstream connection went away, and the downstream one was reset.
        UPSTREAM_RESET,
        /// There was no upstream connection.
        REFUSED,
        /// The grace ended.
        CUT
    }
}
