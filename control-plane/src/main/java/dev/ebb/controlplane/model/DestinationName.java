package dev.ebb.controlplane.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name that an application asks for: `host:port`, in lower case; an IPv6 literal stands in
/// brackets.
public record DestinationName(String host, int port) {
    private static final int MAX_HOST = 253;
    private static final Pattern HOST =
            Pattern.compile("[a-z0-9_]([a-z0-9._-]*[a-z0-9_])?|\\[[0-9a-f:.]+\\]");
    private static final Pattern HOST_AND_PORT = Pattern.compile("(.*):([1-9][0-9]{0,4})");
    private static final int MAX_PORT = 65_535;

    public DestinationName {
        if (host.length() > MAX_HOST || !HOST.matcher(host).matches()) {
            throw Text.unexpected(
                    "destination", host, "host:port in lower case such as web.demo:80");
        }
        if (port < 1 || port > MAX_PORT) {
            throw Text.unexpected("destination", host + ":" + port, "a port from 1 to 65535");
        }
        host = canonical(host);
    }

    /// The host of an address: an IPv6 literal gets its brackets.
    public static String hostOf(Address address) {
        String ip = address.ip();
        return ip.indexOf(':') < 0 ? ip : "[" + ip + "]";
    }

    /// Reads `host:port`.
    public static DestinationName parse(String text) {
        Matcher parts = HOST_AND_PORT.matcher(text);
        if (!parts.matches()) {
            throw Text.unexpected(
                    "destination", text, "host:port in lower case such as web.demo:80");
        }
        return new DestinationName(parts.group(1), Integer.parseInt(parts.group(2)));
    }

    /// Two spellings of one address would be two destinations.
    private static String canonical(String host) {
        if (!host.startsWith("[")) {
            return host;
        }
        String ip = host.substring(1, host.length() - 1);
        return hostOf(new Address(ip, MAX_PORT));
    }

    @Override
    public String toString() {
        return host + ":" + port;
    }
}
