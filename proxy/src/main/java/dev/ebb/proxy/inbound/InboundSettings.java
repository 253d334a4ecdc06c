package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.upstream.PoolLimits;
import java.time.Duration;
import java.util.Set;

/// How inbound traffic is treated.
///
/// @param uid this instance, as it is known to the mesh
/// @param opaquePorts application ports whose traffic is not parsed
/// @param connectTimeout for one TCP handshake with the application
/// @param http1 what a client may make a connection hold or wait for
/// @param limits of the application's pool
public record InboundSettings(
        String uid,
        Set<Integer> opaquePorts,
        Duration connectTimeout,
        Http1Limits http1,
        PoolLimits limits) {

    public InboundSettings {
        opaquePorts = Set.copyOf(opaquePorts);
    }
}
