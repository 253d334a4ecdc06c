package dev.ebb.e2e.app;

import java.io.Serial;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What a command line says: `--name=value`, each once. Every option must be asked for by
/// [#finish], so that a typing error is not ignored. Not thread-safe.
final class Options {
    private final Map<String, String> unread;

    /// The command line is wrong.
    static final class UsageException extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;

        UsageException(String message) {
            super(message);
        }
    }

    /// A place to connect to, whose name is looked up at each connect.
    record Target(String host, int port) {
        InetSocketAddress resolve() {
            return new InetSocketAddress(host, port);
        }

        /// As a `Host` field says it.
        String authority() {
            return port == 80 ? host : host + ":" + port;
        }
    }

    private Options(Map<String, String> unread) {
        this.unread = unread;
    }

    static Options parse(Stream<String> arguments) {
        Map<String, String> options = new HashMap<>();
        arguments.forEach(argument -> {
            int equals = argument.indexOf('=');
            if (!argument.startsWith("--") || equals < 0) {
                throw new UsageException("\"%s\" (expected: --name=value)".formatted(argument));
            }
            if (options.put(argument.substring(2, equals), argument.substring(equals + 1))
                    != null) {
                throw new UsageException("\"%s\": twice".formatted(argument));
            }
        });
        return new Options(options);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(unread.remove(name));
    }

    String requiredText(String name) {
        return text(name).orElseThrow(() -> new UsageException("--%s is missing".formatted(name)));
    }

    int number(String name, int otherwise) {
        Optional<String> value = text(name);
        try {
            return value.map(Integer::valueOf).orElse(otherwise);
        } catch (NumberFormatException e) {
            throw new UsageException("--%s=%s (expected: a number)".formatted(name, value.get()));
        }
    }

    /// Given in milliseconds.
    Duration millis(String name, Duration otherwise) {
        return Duration.ofMillis(number(name, (int) otherwise.toMillis()));
    }

    Optional<Target> target(String name) {
        return text(name).map(value -> target(name, value));
    }

    Target requiredTarget(String name) {
        return target(name)
                .orElseThrow(() -> new UsageException("--%s=host:port is missing".formatted(name)));
    }

    /// There must be nothing else on the command line.
    void finish() {
        if (!unread.isEmpty()) {
            throw new UsageException("unknown option --" + unread.keySet().iterator().next());
        }
    }

    private static Target target(String name, String value) {
        int colon = value.lastIndexOf(':');
        try {
            if (colon > 0) {
                return new Target(
                        value.substring(0, colon), Integer.parseInt(value.substring(colon + 1)));
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException("--%s=%s (expected: host:port)".formatted(name, value));
    }
}
