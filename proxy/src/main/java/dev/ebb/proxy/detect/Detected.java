package dev.ebb.proxy.detect;

/// What a connection speaks.
public sealed interface Detected {

    /// HTTP/1.0 or 1.1, as far as the first bytes tell; it may be malformed or unfinished.
    record Http1() implements Detected {}

    /// Anything else: it is relayed and not parsed.
    ///
    /// @param sign what told
    record Opaque(Sign sign) implements Detected {}

    /// What told that a connection is opaque.
    enum Sign {
        /// Its first bytes cannot begin an HTTP/1 request.
        FIRST_BYTES,
        /// The time limit has passed without the beginning of a request; the server may be the one
        /// to speak first.
        TIME_LIMIT,
        /// The client half-closed before its bytes could be told from anything else.
        END_OF_INPUT
    }
}
