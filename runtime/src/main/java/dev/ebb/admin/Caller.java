package dev.ebb.admin;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Where a request comes from, judged by the connection; the `Host` can only take trust away.
///
/// @param address of the peer
/// @param host the request's `Host`, null if there is none
record Caller(InetAddress address, @Nullable String host) {

    private static final Pattern HOST =
            Pattern.compile("(?:\\[([^\\]]*)\\]|([^:\\[\\]]*))(?::[0-9]*)?");

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

    /// Empty if it is no host with or without a port (RFC 9110 §7.2): whatever stands behind a name
    /// that is admitted is not to be admitted with it.
    private static String withoutPort(String host) {
        Matcher parts = HOST.matcher(host);
        if (!parts.matches()) {
            return "";
        }
        return parts.group(1) == null ? parts.group(2) : parts.group(1);
    }
}
