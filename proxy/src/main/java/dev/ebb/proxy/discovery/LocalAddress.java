package dev.ebb.proxy.discovery;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;

/// Finds out under which address this host is known to a peer.
final class LocalAddress {

    private LocalAddress() {}

    /// `bound`, or if that is a wildcard this host's address on the way to `peer`. Sends nothing:
    /// the kernel is asked for its route.
    static InetSocketAddress reachable(InetSocketAddress bound, InetSocketAddress peer) {
        if (!bound.getAddress().isAnyLocalAddress()) {
            return bound;
        }
        try (DatagramChannel route = DatagramChannel.open()) {
            route.connect(peer);
            InetAddress local = ((InetSocketAddress) route.getLocalAddress()).getAddress();
            return new InetSocketAddress(local, bound.getPort());
        } catch (IOException e) {
            throw new IllegalStateException("no route to " + peer, e);
        }
    }
}
