package dev.ebb.proxy.config;

import java.net.InetSocketAddress;
import java.util.List;

/// Where the proxy listens; port 0 picks a free one.
///
/// @param inbound for the mesh
/// @param outbound for the local application; at least one
/// @param admin for probes, scrapes, hooks and orders
/// @param opaque for the local application, one for each opaque destination
public record ListenConfig(
        InetSocketAddress inbound,
        List<InetSocketAddress> outbound,
        InetSocketAddress admin,
        List<OpaqueListener> opaque) {

    public ListenConfig {
        outbound = List.copyOf(outbound);
        opaque = List.copyOf(opaque);
    }
}
