package dev.ebb.proxy.config;

import dev.ebb.proxy.outbound.DestinationName;

/// Reads the name of a destination.
final class DestinationText {

    static final String EXPECTED = "host:port such as web.demo:80";

    private DestinationText() {}

    /// Gives `host:port` in lower case, with port 80 if the text has none.
    static String parse(String text) {
        return DestinationName.parse(text.strip())
                .map(DestinationName::toString)
                .orElseThrow(() -> new IllegalArgumentException(text));
    }
}
