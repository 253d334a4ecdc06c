package dev.ebb.controlplane.model;

/// Checks text that a peer or a file supplied before it gets into a log line or a key.
final class Text {
    private static final int MAX_QUOTED = 64;

    /// Returns `value` if it has from `min` to `max` characters and all of them are printable
    /// ASCII.
    static String printable(String what, String value, int min, int max) {
        if (value.length() < min || value.length() > max || !isPrintable(value)) {
            throw unexpected(what, value, min + " to " + max + " printable ASCII characters");
        }
        return value;
    }

    /// The one form of a complaint: names the thing, what it was and what was expected.
    static IllegalArgumentException unexpected(String what, String value, String expected) {
        return new IllegalArgumentException(
                what + ": " + quote(value) + " (expected: " + expected + ")");
    }

    /// Quotes text from outside so that it can neither flood a message nor forge a line in it.
    private static String quote(String value) {
        StringBuilder quoted = new StringBuilder("\"");
        value.chars()
                .limit(MAX_QUOTED)
                .map(c -> isPrintable(c) && c != '"' ? c : '?')
                .forEach(c -> quoted.append((char) c));
        return quoted.append(value.length() > MAX_QUOTED ? "…\"" : "\"").toString();
    }

    private static boolean isPrintable(String value) {
        return value.chars().allMatch(Text::isPrintable);
    }

    private static boolean isPrintable(int c) {
        return c >= ' ' && c <= '~';
    }

    private Text() {}
}
