package dev.ebb.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/// Where a request comes from, judged by the connection; the `Host` can only take trust away.
///
/// @param address of the peer
/// @param host the request's `Host`, null if there is none
record Caller(InetAddress address, @Nullable String host) {

    /// Whether the peer is this machine and did not get here by a foreign name (DNS rebinding).
    boolean isLocal() {
        return isLoopback(address) && (host == null || isLoopbackHost(host));
    }

    static boolean isLoopback(InetAddress address) {
        return address.isLoopbackAddress()
                || (address instanceof Inet6Address && isMappedLoopback(address.getAddress()));
    }

    /// `::ffff:127.0.0.0/104` (RFC 4291 §2.5.5.2): an IPv4 peer on an IPv6 socket.
    private static boolean isMappedLoopback(byte[] bytes) {
        for (int i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return false;
            }
        }
        return bytes[10] == (byte) 0xff && bytes[11] == (byte) 0xff && bytes[12] == 127;
    }

    private static boolean isLoopbackHost(String host) {
        String name = withoutPort(host.strip());
        if (name.equalsIgnoreCase("localhost")) {
            return true;
        }
        try {
            return isLoopback(InetAddress.ofLiteral(name));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    private static String withoutPort(String host) {
        if (host.startsWith("[")) {
            int end = host.indexOf(']');
            return end < 0 ? host : host.substring(1, end);
        }
        int colon = host.indexOf(':');
        return colon < 0 ? host : host.substring(0, colon);
    }
}
