package dev.ebb.controlplane;

import dev.ebb.env.Env;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads what a control plane without a cluster is told.
final class StandaloneSettings {
    private static final int MAX_TOKEN_BYTES = 4096;

    private final Settings settings;

    /// @param flags by the names of their environment variables
    StandaloneSettings(Map<String, String> environment, Map<String, String> flags) {
        this.settings = new Settings(environment, flags);
    }

    /// Reads everything; what is malformed has its default, and [#problems] says so.
    StandaloneConfig read() {
        return new StandaloneConfig(
                settings.server("127.0.0.1"),
                settings.env().string(settings.name(StandaloneCommand.REGISTRY)).map(Path::of),
                token());
    }

    /// Every problem, with those of what was read elsewhere, and variables that nobody reads.
    List<String> problems(Env others) {
        return settings.problems(others);
    }

    private Optional<String> token() {
        return settings.env()
                .read(
                        settings.name(StandaloneCommand.TOKEN_FILE),
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
}
