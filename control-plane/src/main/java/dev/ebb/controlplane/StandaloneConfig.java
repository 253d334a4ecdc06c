package dev.ebb.controlplane;

import dev.ebb.env.Env;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What a control plane without a cluster is told.
///
/// @param registry the registry file
/// @param token what control streams have to show
record StandaloneConfig(ServerConfig server, Optional<Path> registry, Optional<String> token) {
    private static final int MAX_TOKEN_BYTES = 4096;

    /// Reads everything; what is malformed has its default, and the settings have the problems.
    static StandaloneConfig read(Settings settings) {
        Env env = settings.env();
        return new StandaloneConfig(
                settings.server("127.0.0.1"),
                env.string(settings.name(StandaloneCommand.REGISTRY)).map(Path::of),
                env.read(
                        settings.name(StandaloneCommand.TOKEN_FILE),
                        "a file with a token of 1 to 4096 printable characters on one line",
                        StandaloneConfig::readToken));
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
