package dev.ebb.proxy.config;

import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import dev.ebb.env.Toggle;
import dev.ebb.proxy.departure.DepartureConfig;
import dev.ebb.proxy.discovery.DiscoveryConfig;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.inbound.InboundSettings;
import dev.ebb.proxy.outbound.OutboundSettings;
import dev.ebb.proxy.transport.TransportKind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that the environment says about this proxy. It only composes: each part is a record
/// of the package that uses it.
///
/// @param instance who this is
/// @param listen where it listens
/// @param discovery the control plane; empty if there is none
/// @param serves what it serves to the mesh
/// @param inbound traffic to the application
/// @param outbound traffic from the application
/// @param departure how it leaves
/// @param process the rest
public record ProxyConfig(
        Identity instance,
        ListenConfig listen,
        Optional<DiscoveryConfig> discovery,
        List<ServedName> serves,
        InboundSettings inbound,
        OutboundSettings outbound,
        DepartureConfig departure,
        ProcessConfig process) {

    public ProxyConfig {
        serves = List.copyOf(serves);
    }

    /// Who this instance is.
    ///
    /// @param uid unique for the life of the process
    /// @param name for people
    public record Identity(String uid, String name) {}

    /// What concerns the whole process.
    ///
    /// @param workers event loops
    /// @param transport the socket transport
    /// @param accessLog the form of the access log
    /// @param adminShutdown whether `POST /shutdown` is served
    /// @param detectTimeout how long a new connection may keep silent before it is opaque
    /// @param maxConnections how many accepted connections are carried at once
    public record ProcessConfig(
            int workers,
            TransportKind transport,
            AccessLogFormat accessLog,
            Toggle adminShutdown,
            Duration detectTimeout,
            int maxConnections) {}

    /// The effective configuration, for `GET /config`; holds no secrets, only where they are.
    public Map<String, Object> asMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("instance_uid", instance.uid());
        map.put("instance", instance.name());
        map.put("control_plane", discovery.map(d -> text(d.address())).orElse(""));
        map.put(
                "control_token_file",
                discovery.flatMap(DiscoveryConfig::tokenFile).map(Object::toString).orElse(""));
        map.put("inbound_listen", text(listen.inbound()));
        map.put("outbound_listen", listen.outbound().stream().map(ProxyConfig::text).toList());
        map.put("admin_listen", text(listen.admin()));
        map.put("outbound_opaque", listen.opaque().stream().map(ProxyConfig::text).toList());
        map.put("application", departure.application().map(ProxyConfig::text).orElse(""));
        map.put("serves", serves.stream().map(ProxyConfig::text).toList());
        map.put("opaque_ports", inbound.opaquePorts().stream().sorted().toList());
        map.put("grace", text(departure.grace()));
        map.put("wait_before_exit", text(departure.floor()));
        map.put("safe_minimum", text(departure.safeMinimum()));
        map.put("native_sidecar", departure.isNativeSidecar());
        map.put("hold", word(departure.hold()));
        map.put("resend", word(outbound.resend()));
        map.put("admin_shutdown", word(process.adminShutdown()));
        map.put("access_log", word(process.accessLog()));
        map.put("workers", process.workers());
        map.put("transport", word(process.transport()));
        map.put("detect_timeout", text(process.detectTimeout()));
        map.put("max_connections", process.maxConnections());
        map.put("connect_timeout", text(outbound.connectTimeout()));
        map.put("response_timeout", text(outbound.responseTimeout()));
        map.put("head_timeout", text(outbound.http1().headTime()));
        map.put("idle_timeout", text(outbound.http1().idleTime()));
        return map;
    }

    private static String text(ServedName served) {
        return served.destination() + served.address().map(a -> "=" + text(a)).orElse("");
    }

    private static String text(OpaqueListener listener) {
        return text(listener.listen()) + "=" + listener.destination();
    }

    private static String text(InetSocketAddress address) {
        return AddressText.format(address);
    }

    private static String text(Duration duration) {
        return DurationText.format(duration);
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(java.util.Locale.ROOT);
    }
}
