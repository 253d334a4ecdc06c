package dev.ebb.e2e.containers;

import dev.ebb.e2e.cluster.Command;
import dev.ebb.e2e.cluster.Home;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;

/// The Docker of this machine, with our images in it. No registry is asked for anything.
final class Docker {
    private static final List<String> IMAGES =
            List.of("ebb-proxy", "ebb-control-plane", "ebb-testapp");

    private static final Duration ANSWER = Duration.ofSeconds(20);

    private Docker() {}

    /// @throws IllegalStateException says in one line what is missing
    static Docker ready() {
        // Testcontainers speaks 1.44 unless told otherwise, which Docker 20.10 does not understand.
        System.setProperty("api.version", apiVersion());
        IMAGES.forEach(Docker::load);
        return new Docker();
    }

    private static String apiVersion() {
        ProcessBuilder docker =
                new ProcessBuilder("docker", "version", "--format", "{{.Server.APIVersion}}");
        try {
            Command version = Command.run(docker, ANSWER);
            if (version.exitCode() != 0) {
                throw missing(version.output());
            }
            return version.output();
        } catch (UncheckedIOException e) {
            throw missing(e.toString());
        }
    }

    private static IllegalStateException missing(String why) {
        return new IllegalStateException(
                "e2e: no Docker answers: %s (expected: make cluster-up, then . e2e/kind/target/env)"
                        .formatted(why.lines().reduce((_, last) -> last).orElse("")));
    }

    private static void load(String name) {
        Path archive = Home.file("deploy/images/target/" + name + ".tar");
        try (InputStream in = Files.newInputStream(archive)) {
            DockerClientFactory.lazyClient().loadImageCmd(in).exec();
        } catch (IOException e) {
            throw new IllegalStateException(
                    "e2e: %s cannot be read (expected: make images)".formatted(archive), e);
        }
    }
}
