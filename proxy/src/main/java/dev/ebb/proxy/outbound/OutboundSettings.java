package dev.ebb.proxy.outbound;

import dev.ebb.proxy.upstream.PoolLimits;
import java.time.Duration;

/// How outbound traffic is treated.
///
/// @param resend whether requests that are proved undelivered are sent again
/// @param connectTimeout for one TCP handshake
/// @param responseTimeout from the request's end to the response's head; zero for none
/// @param limits of each endpoint's pool
public record OutboundSettings(
        Resend resend, Duration connectTimeout, Duration responseTimeout, PoolLimits limits) {

    /// A setting for tests, which have to see what happens without it.
    public enum Resend {
        /// What is proved undelivered goes to another endpoint.
        ENABLED,
        /// Nothing is sent twice; the mark and the header that ask for it are ignored.
        DISABLED
    }

    /// What production uses.
    public static OutboundSettings defaults() {
        return new OutboundSettings(
                Resend.ENABLED, Duration.ofSeconds(1), Duration.ZERO, PoolLimits.towardsPeers());
    }
}
