package dev.ebb.proxy.upstream;

/// Why there is no connection. Nothing of the request was sent in any of these cases.
///
/// @param reason the class of the cause
/// @param detail names the thing, for logs
public record AcquireFailure(Reason reason, String detail) {

    /// The classes of cause.
    public enum Reason {
        /// The address is one of this process's own listeners.
        OWN_LISTENER,
        /// The peer refused, or cannot be reached.
        CONNECT_FAILED,
        /// The peer did not answer in time.
        CONNECT_TIMEOUT,
        /// The endpoint is not pickable any more: pick another.
        VACATED,
        /// Too many wait already.
        QUEUE_FULL,
        /// No connection became free in time.
        QUEUE_TIMEOUT
    }
}
