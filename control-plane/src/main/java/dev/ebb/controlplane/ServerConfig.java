package dev.ebb.controlplane;

import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/// What every control plane is told, wherever its endpoints come from.
///
/// @param listen where proxies connect
/// @param adminListen where the admin server listens
/// @param warmUp how long a fresh control plane answers "cannot tell"
/// @param maxCallsPerPeer how many calls one address may have at once
record ServerConfig(
        InetSocketAddress listen,
        InetSocketAddress adminListen,
        Duration warmUp,
        int maxCallsPerPeer) {

    /// For `GET /config`.
    Map<String, Object> describe() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("listen", AddressText.format(listen));
        settings.put("adminListen", AddressText.format(adminListen));
        settings.put("warmUp", DurationText.format(warmUp));
        settings.put("maxCallsPerPeer", maxCallsPerPeer);
        return settings;
    }
}
