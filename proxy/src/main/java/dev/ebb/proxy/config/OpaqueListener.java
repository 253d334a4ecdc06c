package dev.ebb.proxy.config;

import dev.ebb.env.AddressText;
import java.net.InetSocketAddress;

/// A listener whose bytes are relayed to one destination.
///
/// @param listen where the application connects to
/// @param destination `host:port` in lower case
public record OpaqueListener(InetSocketAddress listen, String destination) {

    static final String EXPECTED = "items such as 127.0.0.1:15432=db.demo:5432";

    static OpaqueListener parse(String text) {
        int equals = text.indexOf('=');
        if (equals < 0) {
            throw new IllegalArgumentException("no '='");
        }
        return new OpaqueListener(
                AddressText.parseIp(text.substring(0, equals)),
                DestinationText.parse(text.substring(equals + 1)));
    }
}
