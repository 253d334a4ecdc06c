package dev.ebb.proxy.config;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Reads one port or a range of them.
final class PortRanges {

    static final String EXPECTED = "ports and ranges such as 25,587,4000-4010";

    private static final int MAX_PORT = 65_535;

    private PortRanges() {}

    static Set<Integer> parse(String text) {
        int dash = text.indexOf('-');
        int first = port(dash < 0 ? text : text.substring(0, dash));
        int last = dash < 0 ? first : port(text.substring(dash + 1));
        if (first > last) {
            throw new IllegalArgumentException("upside down");
        }
        return IntStream.rangeClosed(first, last)
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static int port(String text) {
        int port = Integer.parseInt(text.strip());
        if (port < 1 || port > MAX_PORT) {
            throw new IllegalArgumentException("no such port");
        }
        return port;
    }
}
