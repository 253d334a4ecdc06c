package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// haproxy in the foreground, its connections to the origin shared by all clients.
public record Haproxy(Path program) implements Candidate {

    @Override
    public String name() {
        return "haproxy";
    }

    @Override
    public String version() throws IOException {
        return Versions.firstMatch("version ([0-9.]+)", program.toString(), "-v");
    }

    @Override
    public Duration warmUp() {
        return Duration.ofSeconds(1);
    }

    @Override
    public Command at(Site site) throws IOException {
        Path file = site.directory().resolve("haproxy.cfg");
        Files.writeString(file, configuration(site));
        return Command.of(name(), List.of(program.toString(), "-db", "-f", file.toString()));
    }

    private static String configuration(Site site) {
        return """
        global
            nbthread 2
            maxconn 4096
        defaults
            mode http
            timeout connect 1s
            timeout client 60s
            timeout server 60s
            http-reuse always
        listen bench
            bind 127.0.0.1:%d
            server origin 127.0.0.1:%d
        """
                .formatted(site.listenPort(), site.originPort());
    }
}
