package dev.ebb.controlplane.model;

import dev.ebb.env.AddressText;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A socket address by literal IP; nothing here ever resolves a name.
///
/// @param ip a literal IPv4 or IPv6 address without brackets, in its one canonical form
/// @param port 1 to 65535
public record Address(String ip, int port) {
    private static final Pattern TEXT =
            Pattern.compile("(?:\\[([^\\]]+)\\]|([^:\\[\\]]+)):([0-9]{1,5})");
    private static final int MAX_PORT = 65_535;

    public Address {
        if (port < 1 || port > MAX_PORT) {
            throw Text.unexpected("address", ip + ":" + port, "a port from 1 to 65535");
        }
        ip = canonical(ip);
    }

    /// Reads `10.0.0.1:5432` or `[fd00::1]:5432`.
    public static Address parse(String text) {
        Matcher parts = TEXT.matcher(text);
        if (!parts.matches()) {
            throw Text.unexpected(
                    "address", text, "ip:port such as 10.0.0.1:5432 or [fd00::1]:5432");
        }
        String ip = parts.group(1) != null ? parts.group(1) : parts.group(2);
        return new Address(ip, Integer.parseInt(parts.group(3)));
    }

    private static String canonical(String ip) {
        InetAddress literal;
        try {
            literal = InetAddress.ofLiteral(ip);
        } catch (IllegalArgumentException e) {
            throw notAnIp(ip);
        }
        String canonical = AddressText.ip(literal);
        // The JDK also reads 127.1 and ::ffff:10.0.0.1; two spellings of one address would be two
        // keys.
        boolean misspelt = literal instanceof Inet4Address && !canonical.equals(ip);
        if (misspelt || literal.isAnyLocalAddress() || literal.isMulticastAddress()) {
            throw notAnIp(ip);
        }
        return canonical;
    }

    private static IllegalArgumentException notAnIp(String ip) {
        return Text.unexpected("address", ip, "a literal IPv4 or IPv6 unicast address");
    }

    @Override
    public String toString() {
        return AddressText.format(ip, port);
    }
}
