package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.model.Served;
import io.grpc.Context;
import java.net.InetAddress;
import java.util.List;

/// Who is at the other end of a call, as far as the network and its token tell.
///
/// @param ip its address
/// @param trust what it may register
record Peer(InetAddress ip, Trust trust) {
    /// The peer of the call that is being handled.
    static final Context.Key<Peer> CURRENT = Context.key("peer");

    /// What goes for its identity: a uid belongs to one address, or to whoever holds the token.
    String identity() {
        return switch (trust) {
            case OWN_ADDRESS -> ip.getHostAddress();
            case TOKEN -> "token";
        };
    }

    /// Throws unless every address is the peer's to register.
    void checkOwns(List<Served> served) {
        if (trust == Trust.TOKEN) {
            return;
        }
        for (Served line : served) {
            InetAddress address = InetAddress.ofLiteral(line.address().ip());
            // All loopback addresses are one host, this one.
            boolean isSameHost = address.isLoopbackAddress() && ip.isLoopbackAddress();
            if (!address.equals(ip) && !isSameHost) {
                throw new IllegalArgumentException(
                        "register: address %s (expected: the peer's own address %s, or a token)"
                                .formatted(line.address(), ip.getHostAddress()));
            }
        }
    }

    /// What a peer has shown.
    enum Trust {
        /// Nothing: it may register its own address.
        OWN_ADDRESS,
        /// The token: it may register any.
        TOKEN
    }
}
