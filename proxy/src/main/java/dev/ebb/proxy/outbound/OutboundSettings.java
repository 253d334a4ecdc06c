package dev.ebb.proxy.outbound;

import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.upstream.PoolLimits;
import java.time.Duration;
import java.util.Set;

/// How outbound traffic is treated.
///
/// @param uid this instance, as it is known to the mesh
/// @param opaquePorts ports of others whose traffic is not parsed, because the server speaks first
/// @param resend whether requests that are proved undelivered are sent again
/// @param connectTimeout for one TCP handshake
/// @param responseTimeout from the request's end to the response's head; zero for none
/// @param http1 what the application may make a connection hold or wait for
/// @param limits of the pool of each endpoint that has a proxy
public record OutboundSettings(
        String uid,
        Set<Integer> opaquePorts,
        Resend resend,
        Duration connectTimeout,
        Duration responseTimeout,
        Http1Limits http1,
        PoolLimits limits) {

    public OutboundSettings {
        opaquePorts = Set.copyOf(opaquePorts);
    }

    /// A setting for tests, which have to see what happens without it.
    public enum Resend {
        /// What is proved undelivered goes to another endpoint.
        ENABLED,
        /// Nothing is sent twice; the mark and the header that ask for it are ignored.
        DISABLED
    }

    /// What production uses.
    public static OutboundSettings defaults(String uid, Set<Integer> opaquePorts) {
        return new OutboundSettings(
                uid,
                opaquePorts,
                Resend.ENABLED,
                Duration.ofSeconds(1),
                Duration.ZERO,
                Http1Limits.DEFAULTS,
                PoolLimits.towardsPeers());
    }
}
