package dev.ebb.controlplane;

import dev.ebb.env.AddressText;
import dev.ebb.env.Env;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Flags, and where there is none its environment variable; every problem is reported by the name
/// that the user used.
final class Settings {
    static final String LISTEN = "EBB_CONTROL_PLANE_LISTEN";
    static final String ADMIN_LISTEN = "EBB_CONTROL_PLANE_ADMIN_LISTEN";
    static final String WARM_UP = "EBB_CONTROL_PLANE_WARM_UP";
    static final String MAX_CALLS = "EBB_CONTROL_PLANE_MAX_CALLS_PER_PEER";

    private static final String PREFIX = "EBB_CONTROL_PLANE_";
    private static final int MAX_CALLS_DEFAULT = 4096;

    private final Env env;
    private final Map<String, String> flags;

    /// @param flags by the names of their environment variables
    Settings(Map<String, String> environment, Map<String, String> flags) {
        Map<String, String> values = new HashMap<>(environment);
        flags.forEach((name, value) -> values.put(flag(name), value));
        this.env = Env.of(values);
        this.flags = flags;
    }

    /// To be read by [#name].
    Env env() {
        return env;
    }

    /// What the user called a variable.
    String name(String variable) {
        return flags.containsKey(variable) ? flag(variable) : variable;
    }

    /// What every control plane has.
    ///
    /// @param host to listen at unless told otherwise
    ServerConfig server(String host) {
        return new ServerConfig(
                env.address(name(LISTEN), address(host, 8086)),
                env.address(name(ADMIN_LISTEN), address(host, 9991)),
                env.duration(name(WARM_UP), Duration.ofSeconds(10)),
                env.integer(name(MAX_CALLS), MAX_CALLS_DEFAULT, 1, Integer.MAX_VALUE));
    }

    /// Every problem, with those of what was read elsewhere, and variables that nobody reads. To be
    /// asked when everything has been read.
    List<String> problems(Env others) {
        List<String> problems = new ArrayList<>(others.problems());
        problems.addAll(env.problems());
        for (String name : env.unknown(PREFIX)) {
            if (!flags.containsKey(name)) {
                problems.add(name + ": unknown (expected: a variable that --help lists)");
            }
        }
        return problems;
    }

    /// The flag that wins over a variable.
    static String flag(String variable) {
        return "--"
                + variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static InetSocketAddress address(String host, int port) {
        return AddressText.parseIp(host + ":" + port);
    }
}
