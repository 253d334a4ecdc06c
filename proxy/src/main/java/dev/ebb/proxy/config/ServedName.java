package dev.ebb.proxy.config;

import dev.ebb.env.AddressText;
import java.net.InetSocketAddress;
import java.util.Optional;

/// A destination that this instance serves.
///
/// @param destination `host:port` in lower case
/// @param address where clients connect to; empty for the inbound listener
public record ServedName(String destination, Optional<InetSocketAddress> address) {

    static final String EXPECTED = "items such as web.demo:80 or web.demo:80=10.0.0.1:4143";

    static ServedName parse(String text) {
        int equals = text.indexOf('=');
        return equals < 0
                ? new ServedName(DestinationText.parse(text), Optional.empty())
                : new ServedName(
                        DestinationText.parse(text.substring(0, equals)),
                        Optional.of(AddressText.parseIp(text.substring(equals + 1))));
    }
}
