package dev.ebb.injector.redirect;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A range of addresses of one family, in CIDR form (RFC 4632, RFC 4291 §2.3).
///
/// @param address the first of them
/// @param prefix how many of its bits are fixed
public record Subnet(InetAddress address, int prefix) {

    private static final String EXPECTED = "a subnet such as 10.0.0.0/8 or fd00::/8";

    /// @throws IllegalArgumentException if `address` is not the first one of the subnet
    public Subnet {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException(
                    "prefix of subnet "
                            + text(address)
                            + ": "
                            + prefix
                            + " (expected: 0 to "
                            + bits
                            + ")");
        }
        InetAddress first = first(address, prefix);
        if (!first.equals(address)) {
            throw new IllegalArgumentException(
                    "subnet: "
                            + text(address)
                            + "/"
                            + prefix
                            + " (expected: "
                            + text(first)
                            + "/"
                            + prefix
                            + ")");
        }
    }

    /// Reads a literal address, with or without `/prefix`.
    ///
    /// @throws IllegalArgumentException if it is none; names the text
    public static Subnet parse(String text) {
        int slash = text.indexOf('/');
        String host = slash < 0 ? text : text.substring(0, slash);
        InetAddress address = literal(host, text);
        if (slash < 0) {
            return new Subnet(address, address.getAddress().length * Byte.SIZE);
        }
        String prefix = text.substring(slash + 1);
        if (!prefix.matches("[0-9]{1,3}")) {
            throw unexpected(text);
        }
        return new Subnet(address, Integer.parseInt(prefix));
    }

    boolean isIpv6() {
        return address instanceof Inet6Address;
    }

    /// Sorted, without those that others contain: nft refuses a set whose intervals overlap.
    static List<Subnet> merge(List<Subnet> subnets) {
        List<Subnet> merged = new ArrayList<>();
        for (Subnet each :
                subnets.stream()
                        .sorted(
                                Comparator.comparing(Subnet::isIpv6)
                                        .thenComparing(subnet -> number(subnet.address))
                                        .thenComparingInt(Subnet::prefix))
                        .toList()) {
            if (merged.isEmpty() || !merged.getLast().contains(each)) {
                merged.add(each);
            }
        }
        return List.copyOf(merged);
    }

    private boolean contains(Subnet other) {
        return isIpv6() == other.isIpv6()
                && prefix <= other.prefix
                && first(other.address, prefix).equals(address);
    }

    /// `10.0.0.0/8`, which is nft's way, too.
    @Override
    public String toString() {
        return text(address) + "/" + prefix;
    }

    private static InetAddress first(InetAddress address, int prefix) {
        byte[] bytes = address.getAddress();
        for (int bit = prefix; bit < bytes.length * Byte.SIZE; bit++) {
            bytes[bit / Byte.SIZE] &= (byte) ~(0x80 >> bit % Byte.SIZE);
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException(address + " (expected: 4 or 16 bytes)", e);
        }
    }

    private static BigInteger number(InetAddress address) {
        return new BigInteger(1, address.getAddress());
    }

    /// Only digits, dots and colons: an interface's name behind a `%` means nothing in another pod.
    private static InetAddress literal(String host, String text) {
        if (!host.matches("[0-9A-Fa-f:.]+")) {
            throw unexpected(text);
        }
        try {
            return InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException _) {
            throw unexpected(text);
        }
    }

    private static IllegalArgumentException unexpected(String text) {
        return new IllegalArgumentException(
                "subnet: \"" + text + "\" (expected: " + EXPECTED + ")");
    }

    private static String text(InetAddress address) {
        return address.getHostAddress();
    }
}
