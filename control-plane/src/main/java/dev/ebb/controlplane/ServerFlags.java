package dev.ebb.controlplane;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The flags that every control plane has.
final class ServerFlags {

    @Option(
            names = "--listen",
            paramLabel = "ADDRESS",
            description = {
                "Where proxies connect; default port 8086, on loopback if standalone.",
                "Environment: " + Settings.LISTEN
            })
    private @Nullable String listen;

    @Option(
            names = "--admin-listen",
            paramLabel = "ADDRESS",
            description = {
                "Where /live, /ready and /metrics are; default port 9991, likewise.",
                "Environment: " + Settings.ADMIN_LISTEN
            })
    private @Nullable String adminListen;

    @Option(
            names = "--warm-up",
            paramLabel = "DURATION",
            description = {
                "How long a fresh control plane cannot tell; default 10s.",
                "Environment: " + Settings.WARM_UP
            })
    private @Nullable String warmUp;

    @Option(
            names = "--max-calls-per-peer",
            paramLabel = "N",
            description = {
                "How many calls one address may have at once; default 4096.",
                "Environment: " + Settings.MAX_CALLS
            })
    private @Nullable String maxCalls;

    /// Those that were given, by the names of their environment variables.
    Map<String, String> given() {
        Map<String, String> flags = new HashMap<>();
        put(flags, Settings.LISTEN, listen);
        put(flags, Settings.ADMIN_LISTEN, adminListen);
        put(flags, Settings.WARM_UP, warmUp);
        put(flags, Settings.MAX_CALLS, maxCalls);
        return flags;
    }

    static void put(Map<String, String> flags, String name, @Nullable String value) {
        if (value != null) {
            flags.put(name, value);
        }
    }
}
