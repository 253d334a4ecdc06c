package dev.ebb.env;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/// The text form of socket addresses: `127.0.0.1:4140`, `[::1]:4140`, `host.example:4140`.
public final class AddressText {

    /// The form with an IP address, for messages.
    public static final String EXPECTED_IP = "an IP address and port such as 127.0.0.1:4140";

    /// The form with a name or an IP address, for messages.
    public static final String EXPECTED_HOST = "a host and port such as ebb.example:8086";

    private static final int MAX_PORT = 65_535;

    private AddressText() {}

    /// Reads an IP address or `localhost` with a port, 0 included. Looks nothing up.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static InetSocketAddress parseIp(String text) {
        InetSocketAddress address = read(text);
        if (address.isUnresolved()) {
            throw new IllegalArgumentException("not an IP address");
        }
        return address;
    }

    /// Reads where to connect to: a name or an IP address with a port. Looks nothing up: the result
    /// of a name is unresolved, that of an IP address or `localhost` is resolved.
    ///
    /// @throws IllegalArgumentException if the text has another form
    public static InetSocketAddress parse(String text) {
        InetSocketAddress address = read(text);
        if (address.getPort() == 0) {
            throw new IllegalArgumentException("no port to connect to");
        }
        return address;
    }

    /// Writes an address so that it can be read back, without a look-up.
    public static String format(InetSocketAddress address) {
        return format(
                address.isUnresolved() ? address.getHostString() : ip(address.getAddress()),
                address.getPort());
    }

    /// Writes an IP address; an IPv6 one as people do (RFC 5952), and so does Kubernetes. Zone 0 is
    /// the same as none (RFC 4007 §11.2).
    public static String ip(InetAddress address) {
        String text = address.getHostAddress();
        if (!(address instanceof Inet6Address)) {
            return text;
        }
        int zone = text.indexOf('%');
        if (zone < 0) {
            return shortened(text);
        }
        String scope = text.substring(zone);
        return shortened(text.substring(0, zone)) + (scope.equals("%0") ? "" : scope);
    }

    /// Writes a name or an IP address with a port; an IPv6 address gets its brackets.
    public static String format(String host, int port) {
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + port;
    }

    /// RFC 5952 §4.2: the longest run of zeros, the first of several, and never one group alone.
    private static String shortened(String text) {
        List<String> groups = List.of(text.split(":", -1));
        int start = 0;
        int end = 0;
        for (int from = 0; from < groups.size(); from++) {
            int to = from;
            while (to < groups.size() && groups.get(to).equals("0")) {
                to++;
            }
            if (to - from > Math.max(1, end - start)) {
                start = from;
                end = to;
            }
        }
        if (start == end) {
            return text;
        }
        return String.join(":", groups.subList(0, start))
                + "::"
                + String.join(":", groups.subList(end, groups.size()));
    }

    private static InetSocketAddress read(String text) {
        String trimmed = text.strip();
        int colon = trimmed.lastIndexOf(':');
        if (colon <= 0) {
            throw new IllegalArgumentException("no port");
        }
        int port = port(trimmed.substring(colon + 1));
        String host = trimmed.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            return new InetSocketAddress(
                    InetAddress.ofLiteral(host.substring(1, host.length() - 1)), port);
        }
        if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException("an IPv6 address stands in brackets");
        }
        if (host.equalsIgnoreCase("localhost")) {
            return new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port);
        }
        return isName(host)
                ? InetSocketAddress.createUnresolved(host, port)
                : new InetSocketAddress(InetAddress.ofLiteral(host), port);
    }

    private static int port(String digits) {
        int port = digits.startsWith("+") ? -1 : Integer.parseInt(digits);
        if (port < 0 || port > MAX_PORT) {
            throw new IllegalArgumentException("no such port");
        }
        return port;
    }

    /// A name has a label that starts with a letter; what has none is read as an IP address.
    private static boolean isName(String host) {
        boolean letters = false;
        for (int i = 0; i < host.length(); i++) {
            char c = host.charAt(i);
            boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
            if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '.' && c != '_') {
                throw new IllegalArgumentException("not a host name");
            }
            letters |= letter;
        }
        return letters;
    }
}
