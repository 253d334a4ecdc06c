package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// The control plane that Ebb's proxy is connected to while it is measured. It is not measured
/// itself.
public record ControlPlane(JavaProgram program, int port) {

    static final String SERVED_BY_EBB = "web.bench";
    static final String SERVED_BY_ORIGIN = "origin.bench";

    public Command at(Path directory, int originPort) throws IOException {
        Path registry = directory.resolve("registry.yaml");
        Files.writeString(registry, registry(originPort));
        return program.command(
                "control-plane",
                List.of(
                        "standalone",
                        "--listen",
                        "127.0.0.1:" + port,
                        "--admin-listen",
                        "127.0.0.1:0",
                        "--registry",
                        registry.toString(),
                        "--warm-up",
                        "0s"),
                Map.of());
    }

    /// Behind each name stands the origin itself. Where Ebb's inbound side serves the name too,
    /// this is the second endpoint that any deployment has which may lose a pod: with none left a
    /// departure rightly waits for a replacement.
    private static String registry(int originPort) {
        return """
        services:
          "%1$s:80":
            endpoints:
              - { address: "127.0.0.1:%3$d", meshed: false }
          "%2$s:80":
            endpoints:
              - { address: "127.0.0.1:%3$d", meshed: false }
        """
                .formatted(SERVED_BY_EBB, SERVED_BY_ORIGIN, originPort);
    }
}
