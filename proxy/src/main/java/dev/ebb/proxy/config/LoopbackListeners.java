package dev.ebb.proxy.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/// Where the local application finds a listener that is for it alone: loopback, in each address
/// family that this machine has. A redirected connection comes to the loopback of its own family.
final class LoopbackListeners {

    private static final InetAddress IPV4 = InetAddress.ofLiteral("127.0.0.1");
    private static final InetAddress IPV6 = InetAddress.ofLiteral("::1");

    private LoopbackListeners() {}

    static List<InetSocketAddress> on(int port) {
        return (hasIpv6() ? Stream.of(IPV4, IPV6) : Stream.of(IPV4))
                .map(address -> new InetSocketAddress(address, port))
                .toList();
    }

    private static boolean hasIpv6() {
        try {
            return NetworkInterface.getByInetAddress(IPV6) != null;
        } catch (SocketException _) {
            return false;
        }
    }
}
