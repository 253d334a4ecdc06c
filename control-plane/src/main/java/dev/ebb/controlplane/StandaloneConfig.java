package dev.ebb.controlplane;

import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// What a control plane without a cluster is told.
///
/// @param listen where proxies connect
/// @param adminListen where the admin server listens
/// @param registry the registry file
/// @param warmUp how long a fresh control plane answers "cannot tell"
/// @param maxCallsPerPeer how many calls one address may have at once
/// @param token what control streams have to show
record StandaloneConfig(
        InetSocketAddress listen,
        InetSocketAddress adminListen,
        Optional<Path> registry,
        Duration warmUp,
        int maxCallsPerPeer,
        Optional<String> token) {

    /// For `GET /config`; without the token.
    Map<String, Object> describe() {
        Map<String, Object> settings = new LinkedHashMap<>();
        settings.put("listen", AddressText.format(listen));
        settings.put("adminListen", AddressText.format(adminListen));
        settings.put("registry", registry.map(Path::toString).orElse("none"));
        settings.put("warmUp", DurationText.format(warmUp));
        settings.put("maxCallsPerPeer", maxCallsPerPeer);
        settings.put("token", token.isPresent() ? "required" : "none");
        return settings;
    }
}
