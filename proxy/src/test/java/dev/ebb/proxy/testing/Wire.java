package dev.ebb.proxy.testing;

/// HTTP/1 as it stands on the wire.
public final class Wire {

    private Wire() {}

    /// The lines, with CR LF between them and none behind the last.
    public static String lines(String... lines) {
        return String.join("\r\n", lines);
    }

    /// A head without a body behind it.
    public static String head(String... lines) {
        return lines(lines) + "\r\n\r\n";
    }
}
