package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.cluster.Identities;
import dev.ebb.controlplane.model.Served;
import io.grpc.Context;
import java.net.InetAddress;
import java.util.List;

/// Who is at the other end of a call, as far as the network and its token tell.
///
/// @param ip its address
/// @param trust what it has shown
record Peer(InetAddress ip, Trust trust) {
    /// The peer of the call that is being handled.
    static final Context.Key<Peer> CURRENT = Context.key("peer");

    /// What goes for its identity: a uid belongs to one address, to whoever holds the token, or to
    /// who has proved it.
    String identity() {
        return switch (trust) {
            case Trust.OwnAddress() -> ip.getHostAddress();
            case Trust.SharedToken() -> "token";
            case Trust.OwnToken _ -> "proved";
        };
    }

    /// Throws unless every address is the peer's to register.
    void checkOwns(List<Served> served) {
        switch (trust) {
            case Trust.OwnAddress() -> served.forEach(this::checkOwns);
            case Trust.SharedToken() -> {}
            case Trust.OwnToken _ -> checkEmpty(served);
        }
    }

    private void checkOwns(Served line) {
        InetAddress address = InetAddress.ofLiteral(line.address().ip());
        // All loopback addresses are one host, this one.
        boolean isSameHost = address.isLoopbackAddress() && ip.isLoopbackAddress();
        if (!address.equals(ip) && !isSameHost) {
            throw new IllegalArgumentException(
                    "register: address %s (expected: the peer's own address %s, or a token)"
                            .formatted(line.address(), ip.getHostAddress()));
        }
    }

    /// Where a cluster tells who serves what, nobody may claim another's name.
    private static void checkEmpty(List<Served> served) {
        if (!served.isEmpty()) {
            throw new IllegalArgumentException(
                    "register: %s (expected: nothing, the cluster's Services tell what is served)"
                            .formatted(served.getFirst().destination()));
        }
    }

    /// What a peer has shown.
    sealed interface Trust {
        /// Nothing: it may register its own address.
        record OwnAddress() implements Trust {}

        /// The token that all share: it may register any.
        record SharedToken() implements Trust {}

        /// A token that tells its uid, once somebody asks whose it is.
        record OwnToken(String token, Identities identities) implements Trust {
            @Override
            public String toString() {
                return "OwnToken";
            }
        }
    }
}
