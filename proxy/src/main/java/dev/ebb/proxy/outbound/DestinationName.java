package dev.ebb.proxy.outbound;

import java.net.InetSocketAddress;
import java.util.Locale;
import java.util.Optional;

/// What a caller asks for: a host and a port. Pure.
///
/// @param host in lower case; an IPv6 address without brackets
/// @param port 1 to 65535
public record DestinationName(String host, int port) {

    private static final int DEFAULT_PORT = 80;
    private static final int LONGEST_HOST = 253;

    /// Reads an authority (RFC 3986 §3.2); the port is 80 if there is none. Empty if it is not one
    /// that could name a destination.
    public static Optional<DestinationName> parse(String authority) {
        String text = authority.toLowerCase(Locale.ROOT);
        int hostEnd = text.startsWith("[") ? text.indexOf(']') + 1 : hostEnd(text);
        String host = text.substring(0, hostEnd);
        String rest = text.substring(hostEnd);
        int port = rest.isEmpty() || rest.equals(":") ? DEFAULT_PORT : port(rest);
        String bare = host.startsWith("[") ? host.substring(1, hostEnd - 1) : host;
        return isHost(bare, host.startsWith("[")) && port > 0
                ? Optional.of(new DestinationName(bare, port))
                : Optional.empty();
    }

    /// As an address, without a look-up.
    InetSocketAddress unresolved() {
        return InetSocketAddress.createUnresolved(host, port);
    }

    /// `host:port`, as discovery writes it.
    @Override
    public String toString() {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    private static int hostEnd(String text) {
        int colon = text.indexOf(':');
        return colon < 0 ? text.length() : colon;
    }

    /// 0 if `rest` is not a colon and a port.
    private static int port(String rest) {
        if (rest.charAt(0) != ':' || rest.length() > 6) {
            return 0;
        }
        int port = 0;
        for (int i = 1; i < rest.length(); i++) {
            int digit = rest.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return 0;
            }
            port = port * 10 + digit;
        }
        return port <= 65_535 ? port : 0;
    }

    /// Letters, digits, `-`, `.` and `_`; in brackets hexadecimal digits, `:` and `.`.
    private static boolean isHost(String host, boolean bracketed) {
        if (host.isEmpty() || host.length() > LONGEST_HOST) {
            return false;
        }
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean digit = c >= '0' && c <= '9';
            boolean letter = c >= 'a' && c <= (bracketed ? 'f' : 'z');
            boolean other = (bracketed ? ":." : "-._").indexOf(c) >= 0;
            if (!(digit || letter || other)) {
                return false;
            }
        }
        return true;
    }
}
