package dev.ebb.injector.redirect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// One port, or some that follow each other.
///
/// @param first 1 to 65535
/// @param last the same as `first` or above
public record PortRange(int first, int last) {

    private static final int MAX = 65_535;

    /// @throws IllegalArgumentException if that is no range of ports
    public PortRange {
        check("port", first);
        check("port", last);
        if (first > last) {
            throw new IllegalArgumentException(
                    "ports: " + first + "-" + last + " (expected: the lower one first)");
        }
    }

    /// Reads `25` or `4000-4010`.
    ///
    /// @throws IllegalArgumentException if it is neither; names the text
    public static PortRange parse(String text) {
        int dash = text.indexOf('-');
        return dash < 0
                ? new PortRange(port(text, text), port(text, text))
                : new PortRange(
                        port(text.substring(0, dash), text), port(text.substring(dash + 1), text));
    }

    /// Sorted, without overlaps: nft refuses a set whose intervals overlap.
    static List<PortRange> merge(List<PortRange> ranges) {
        List<PortRange> merged = new ArrayList<>();
        for (PortRange each :
                ranges.stream().sorted(Comparator.comparingInt(PortRange::first)).toList()) {
            if (!merged.isEmpty() && each.first <= merged.getLast().last + 1) {
                PortRange before = merged.removeLast();
                merged.add(new PortRange(before.first, Math.max(before.last, each.last)));
            } else {
                merged.add(each);
            }
        }
        return List.copyOf(merged);
    }

    static void check(String name, int port) {
        if (port < 1 || port > MAX) {
            throw new IllegalArgumentException(
                    name + ": " + port + " (expected: 1 to " + MAX + ")");
        }
    }

    /// `25` or `4000-4010`, which is nft's way, too.
    @Override
    public String toString() {
        return first == last ? Integer.toString(first) : first + "-" + last;
    }

    private static int port(String digits, String text) {
        // Not Integer.parseInt alone: it takes a sign and digits of other scripts.
        if (!digits.matches("[0-9]{1,5}")) {
            throw new IllegalArgumentException(
                    "ports: \""
                            + text
                            + "\" (expected: a port or a range such as 25 or 4000-4010)");
        }
        return Integer.parseInt(digits);
    }
}
