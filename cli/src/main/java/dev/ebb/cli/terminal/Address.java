package dev.ebb.cli.terminal;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a server listens, as users write it: `127.0.0.1:8086`, `[::1]:8086`, `control-plane:8086`.
public record Address(String host, int port) {
    private static final Pattern FORM =
            Pattern.compile("(?:\\[([0-9a-fA-F:.%]+)]|([^:\\[\\]\\s]+)):(\\d{1,5})");

    /// Empty when the text is no address.
    public static Optional<Address> parse(String text) {
        Matcher matcher = FORM.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int port = Integer.parseInt(matcher.group(3));
        if (port == 0 || port > 65_535) {
            return Optional.empty();
        }
        String literal = matcher.group(1);
        return Optional.of(new Address(literal == null ? matcher.group(2) : literal, port));
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
