package dev.ebb.proxy.discovery;

import java.net.InetSocketAddress;

/// What this instance serves.
///
/// @param destination `host:port`, the name that clients ask for
/// @param address where they connect to; a wildcard stands for this host's address towards the
///   control plane
/// @param readiness whether the application is ready
public record Served(String destination, InetSocketAddress address, Readiness readiness) {

    /// Whether the application is ready.
    public enum Readiness {
        /// Published to nobody, but counts as a replacement that is coming.
        NOT_READY,
        /// Published.
        READY
    }
}
