package dev.ebb.proxy.outbound;

import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// What one connection or request is for. Pure.
///
/// @param name what discovery is asked for
/// @param original where it would have gone by itself, and goes if nobody knows the name; null if
///   it was sent to this proxy on purpose
record Target(DestinationName name, @Nullable InetSocketAddress original) {

    /// What a caller has asked for by name.
    static Target named(DestinationName name) {
        return new Target(name, null);
    }

    /// Where a redirected connection wanted to go. IPv6 addresses are written as RFC 5952 has it,
    /// which is the way of Kubernetes.
    static Target redirected(InetSocketAddress original) {
        String host = NetUtil.toAddressString(original.getAddress());
        return new Target(new DestinationName(host, original.getPort()), original);
    }
}
