package dev.ebb.controlplane;

import dev.ebb.env.AddressText;
import dev.ebb.env.Env;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads flags, and where there is none its environment variable, and reports every problem by the
/// name that the user used.
final class StandaloneSettings {
    private static final String PREFIX = "EBB_CONTROL_PLANE_";
    private static final int MAX_CALLS_DEFAULT = 4096;
    private static final int MAX_TOKEN_BYTES = 4096;

    private final Env env;
    private final Map<String, String> flags;

    /// @param flags by the names of their environment variables
    StandaloneSettings(Map<String, String> environment, Map<String, String> flags) {
        Map<String, String> values = new HashMap<>(environment);
        flags.forEach((name, value) -> values.put(flag(name), value));
        this.env = Env.of(values);
        this.flags = flags;
    }

    /// Reads everything; what is malformed has its default, and [#problems] says so.
    StandaloneConfig read() {
        return new StandaloneConfig(
                env.address(name(StandaloneCommand.LISTEN), loopback(8086)),
                env.address(name(StandaloneCommand.ADMIN_LISTEN), loopback(9991)),
                env.string(name(StandaloneCommand.REGISTRY)).map(Path::of),
                env.duration(name(StandaloneCommand.WARM_UP), Duration.ofSeconds(10)),
                env.integer(
                        name(StandaloneCommand.MAX_CALLS), MAX_CALLS_DEFAULT, 1, Integer.MAX_VALUE),
                token());
    }

    /// Every problem, with those of what was read elsewhere, and variables that nobody reads.
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

    private Optional<String> token() {
        return env.read(
                name(StandaloneCommand.TOKEN_FILE),
                "a file with a token of 1 to 4096 printable characters on one line",
                StandaloneSettings::readToken);
    }

    private static String readToken(String file) {
        try (var in = Files.newInputStream(Path.of(file))) {
            String token =
                    new String(in.readNBytes(MAX_TOKEN_BYTES + 2), StandardCharsets.US_ASCII)
                            .strip();
            if (token.isEmpty()
                    || token.length() > MAX_TOKEN_BYTES
                    || !token.chars().allMatch(c -> c > ' ' && c <= '~')) {
                throw new IllegalArgumentException("not a token");
            }
            return token;
        } catch (IOException e) {
            throw new IllegalArgumentException("cannot be read", e);
        }
    }

    /// What the user called it.
    private String name(String variable) {
        return flags.containsKey(variable) ? flag(variable) : variable;
    }

    private static String flag(String variable) {
        return "--"
                + variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static InetSocketAddress loopback(int port) {
        return AddressText.parseIp("127.0.0.1:" + port);
    }
}
