package dev.ebb.proxy.config;

import dev.ebb.env.AddressText;
import dev.ebb.env.Env;
import dev.ebb.env.Toggle;
import dev.ebb.proxy.config.ProxyConfig.Identity;
import dev.ebb.proxy.config.ProxyConfig.ProcessConfig;
import dev.ebb.proxy.departure.DepartureConfig;
import dev.ebb.proxy.departure.DepartureConfig.Hold;
import dev.ebb.proxy.departure.DepartureConfig.TermMeaning;
import dev.ebb.proxy.discovery.DiscoveryConfig;
import dev.ebb.proxy.http.AccessLogFormat;
import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.inbound.InboundSettings;
import dev.ebb.proxy.outbound.OutboundSettings;
import dev.ebb.proxy.outbound.OutboundSettings.Resend;
import dev.ebb.proxy.transport.ConnectionLimit;
import dev.ebb.proxy.transport.TransportKind;
import dev.ebb.proxy.upstream.PoolLimits;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;

/// Reads the proxy's configuration from the environment; the only place that knows the names.
///
/// Every problem is noted in the [Env]: a value of the wrong form, variables that do not fit each
/// other, and a name that begins like ours and is not.
public final class ProxyEnv {

    private static final String PREFIX = "EBB_PROXY_";

    private static final String APPLICATION = "EBB_PROXY_APPLICATION";
    private static final String CONTROL_PLANE = "EBB_PROXY_CONTROL_PLANE";
    private static final String INSTANCE_UID = "EBB_PROXY_INSTANCE_UID";
    private static final String TOKEN_FILE = "EBB_PROXY_CONTROL_TOKEN_FILE";
    private static final String SERVES = "EBB_PROXY_SERVES";

    private static final int MAX_WORKERS = 256;
    private static final int MAX_CONNECTIONS = 1 << 20;

    /// Protocols in which the server speaks first, by their usual ports.
    private static final Set<Integer> OPAQUE_PORTS =
            Set.of(25, 587, 3_306, 4_444, 5_432, 6_379, 9_300, 11_211);

    private final Env env;
    private final String version;

    private ProxyEnv(Env env, String version) {
        this.env = env;
        this.version = version;
    }

    /// Reads everything; ask [Env#problems] afterwards. What is malformed has its default.
    public static ProxyConfig read(Env env, String version) {
        return new ProxyEnv(env, version).read();
    }

    private ProxyConfig read() {
        Identity instance = instance();
        Optional<DiscoveryConfig> discovery = discovery(instance);
        List<ServedName> serves = env.list(SERVES, ServedName.EXPECTED, ServedName::parse);
        Optional<InetSocketAddress> application = env.address(APPLICATION);
        Duration connectTimeout = positive("EBB_PROXY_CONNECT_TIMEOUT", Duration.ofSeconds(1));
        Set<Integer> opaquePorts = opaquePorts();
        Http1Limits http1 = http1();
        ProxyConfig config =
                new ProxyConfig(
                        instance,
                        listen(),
                        discovery,
                        serves,
                        inbound(instance, opaquePorts, connectTimeout, http1),
                        outbound(instance, opaquePorts, connectTimeout, http1),
                        departure(application),
                        process());
        if (!serves.isEmpty() && env.string(CONTROL_PLANE).isEmpty()) {
            env.problem(SERVES, "EBB_PROXY_CONTROL_PLANE as well, which is to publish it");
        }
        if (serves.stream().anyMatch(each -> each.address().isEmpty())
                && env.string(APPLICATION).isEmpty()) {
            env.problem(SERVES, "EBB_PROXY_APPLICATION as well, where its traffic goes");
        }
        noteUnknownNames();
        return config;
    }

    private Identity instance() {
        String uid =
                env.read(INSTANCE_UID, "1 to 128 printable characters", ProxyEnv::printable)
                        .orElseGet(() -> UUID.randomUUID().toString());
        String host = env.string("HOSTNAME", "ebb-proxy");
        String name = env.string("EBB_PROXY_INSTANCE", host + "-" + ProcessHandle.current().pid());
        return new Identity(uid, name);
    }

    private Optional<DiscoveryConfig> discovery(Identity instance) {
        Optional<Path> tokenFile = env.read(TOKEN_FILE, "the path of a file", Path::of);
        if (tokenFile.isPresent() && !Files.isReadable(tokenFile.get())) {
            env.problem(TOKEN_FILE, "the path of a file that this process can read");
        }
        return env.hostAndPort(CONTROL_PLANE)
                .map(address ->
                        new DiscoveryConfig(
                                address, instance.uid(), instance.name(), version, tokenFile));
    }

    private ListenConfig listen() {
        List<InetSocketAddress> outbound =
                env.list(
                        "EBB_PROXY_OUTBOUND_LISTEN",
                        "items such as 127.0.0.1:4140",
                        AddressText::parseIp);
        return new ListenConfig(
                env.address("EBB_PROXY_INBOUND_LISTEN", new InetSocketAddress(4143)),
                outbound.isEmpty() ? LoopbackListeners.on(4140) : outbound,
                env.address("EBB_PROXY_ADMIN_LISTEN", new InetSocketAddress(4191)),
                env.list(
                        "EBB_PROXY_OUTBOUND_OPAQUE",
                        OpaqueListener.EXPECTED,
                        OpaqueListener::parse));
    }

    private Set<Integer> opaquePorts() {
        Set<Integer> ports = new TreeSet<>();
        env.list("EBB_PROXY_OPAQUE_PORTS", PortRanges.EXPECTED, PortRanges::parse)
                .forEach(ports::addAll);
        return ports.isEmpty() ? OPAQUE_PORTS : ports;
    }

    private Http1Limits http1() {
        Http1Limits usual = Http1Limits.DEFAULTS;
        return usual.within(
                positive("EBB_PROXY_HEAD_TIMEOUT", usual.headTime()),
                positive("EBB_PROXY_IDLE_TIMEOUT", usual.idleTime()));
    }

    private Duration positive(String variable, Duration usual) {
        Duration value = env.duration(variable, usual);
        if (value.isPositive()) {
            return value;
        }
        env.problem(variable, "more than 0s");
        return usual;
    }

    private InboundSettings inbound(
            Identity instance,
            Set<Integer> opaquePorts,
            Duration connectTimeout,
            Http1Limits http1) {
        return new InboundSettings(
                instance.uid(),
                opaquePorts,
                connectTimeout,
                http1,
                PoolLimits.towardsApplication());
    }

    private OutboundSettings outbound(
            Identity instance,
            Set<Integer> opaquePorts,
            Duration connectTimeout,
            Http1Limits http1) {
        Resend resend =
                switch (env.toggle("EBB_PROXY_RESEND", Toggle.ENABLED)) {
                    case ENABLED -> Resend.ENABLED;
                    case DISABLED -> Resend.DISABLED;
                };
        return new OutboundSettings(
                instance.uid(),
                opaquePorts,
                resend,
                connectTimeout,
                env.duration("EBB_PROXY_RESPONSE_TIMEOUT", Duration.ZERO),
                http1,
                PoolLimits.towardsPeers());
    }

    private DepartureConfig departure(Optional<InetSocketAddress> application) {
        Hold hold =
                switch (env.toggle("EBB_PROXY_HOLD", Toggle.ENABLED)) {
                    case ENABLED -> Hold.ENABLED;
                    case DISABLED -> Hold.DISABLED;
                };
        TermMeaning term =
                env.bool("EBB_PROXY_NATIVE_SIDECAR")
                        ? TermMeaning.NATIVE_SIDECAR
                        : TermMeaning.PLAIN_CONTAINER;
        return new DepartureConfig(
                env.duration("EBB_PROXY_GRACE", Duration.ofSeconds(30)),
                env.duration("EBB_PROXY_WAIT_BEFORE_EXIT", Duration.ZERO),
                env.duration("EBB_PROXY_SAFE_MINIMUM", Duration.ofSeconds(10)),
                hold,
                term,
                application);
    }

    private ProcessConfig process() {
        return new ProcessConfig(
                env.integer(
                        "EBB_PROXY_WORKERS",
                        Runtime.getRuntime().availableProcessors(),
                        1,
                        MAX_WORKERS),
                env.oneOf("EBB_PROXY_TRANSPORT", TransportKind.class, TransportKind.AUTO),
                env.oneOf("EBB_PROXY_ACCESS_LOG", AccessLogFormat.class, AccessLogFormat.OFF),
                env.toggle("EBB_PROXY_ADMIN_SHUTDOWN", Toggle.ENABLED),
                env.duration("EBB_PROXY_DETECT_TIMEOUT", Duration.ofSeconds(10)),
                env.integer(
                        "EBB_PROXY_MAX_CONNECTIONS",
                        ConnectionLimit.fittingTheHeap(),
                        1,
                        MAX_CONNECTIONS));
    }

    private void noteUnknownNames() {
        for (String unknown : env.unknown(PREFIX)) {
            env.problem(
                    unknown,
                    NearestName.of(unknown, env.known(PREFIX))
                            .map(nearest -> "a name that is known, perhaps " + nearest)
                            .orElse("a name that is known; see docs/operations.md"));
        }
    }

    private static String printable(String text) {
        if (text.length() > 128 || !text.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException("not printable");
        }
        return text;
    }
}
