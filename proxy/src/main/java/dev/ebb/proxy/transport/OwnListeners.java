package dev.ebb.proxy.transport;

import io.netty.util.NetUtil;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/// Listeners of this process that the data plane must never connect to, on any address of this
/// machine: a request that came to such a port through the proxy would seem to come from loopback,
/// and could turn in circles. Thread-safe.
public final class OwnListeners {

    private final Set<InetAddress> localAddresses;
    private final Set<Integer> ports = ConcurrentHashMap.newKeySet();

    /// @param localAddresses of this machine's interfaces, other than loopback
    OwnListeners(Set<InetAddress> localAddresses) {
        this.localAddresses = Set.copyOf(localAddresses);
    }

    /// For the addresses that this machine has now.
    public static OwnListeners ofThisMachine() throws SocketException {
        return new OwnListeners(
                NetworkInterface.networkInterfaces()
                        .flatMap(NetworkInterface::inetAddresses)
                        .map(OwnListeners::withoutScope)
                        .collect(Collectors.toSet()));
    }

    /// Adds a listener by its bound address.
    public void add(InetSocketAddress bound) {
        ports.add(bound.getPort());
    }

    /// Whether a connection to `address` would reach one of the listeners.
    public boolean isOwn(InetSocketAddress address) {
        if (!ports.contains(address.getPort())) {
            return false;
        }
        return address.isUnresolved()
                ? isOwnHost(address.getHostString())
                : isLocal(address.getAddress());
    }

    /// Whether `address` is one that others reach this machine by: not loopback.
    public boolean isReachableAddress(InetSocketAddress address) {
        return !address.isUnresolved()
                && !address.getAddress().isLoopbackAddress()
                && localAddresses.contains(withoutScope(address.getAddress()));
    }

    /// A name is not looked up: nothing here connects to a name. But a literal address, and the one
    /// name that everybody knows, can be told.
    private boolean isOwnHost(String host) {
        InetAddress literal = NetUtil.createInetAddressFromIpAddressString(host);
        return literal != null ? isLocal(literal) : host.equalsIgnoreCase("localhost");
    }

    private boolean isLocal(InetAddress address) {
        return address.isLoopbackAddress()
                || address.isAnyLocalAddress()
                || localAddresses.contains(withoutScope(address));
    }

    /// `fe80::1%eth0` and `fe80::1` are one address here.
    private static InetAddress withoutScope(InetAddress address) {
        try {
            return InetAddress.getByAddress(address.getAddress());
        } catch (java.net.UnknownHostException e) {
            throw new IllegalStateException(address + " (expected: 4 or 16 bytes)", e);
        }
    }
}
