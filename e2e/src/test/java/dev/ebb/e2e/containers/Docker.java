package dev.ebb.e2e.containers;

import dev.ebb.e2e.cluster.Home;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;

/// The Docker of this machine, with our images in it. No registry is asked for anything.
final class Docker {
    private static final List<String> IMAGES =
            List.of("ebb-proxy", "ebb-control-plane", "ebb-testapp");

    private static final long ANSWER_SECONDS = 20;

    private Docker() {}

    /// @throws IllegalStateException says in one line what is missing
    static Docker ready() {
        // Testcontainers speaks 1.44 unless told otherwise, which Docker 20.10 does not understand.
        System.setProperty("api.version", apiVersion());
        IMAGES.forEach(Docker::load);
        return new Docker();
    }

    private static String apiVersion() {
        try {
            Process docker =
                    new ProcessBuilder("docker", "version", "--format", "{{.Server.APIVersion}}")
                            .redirectErrorStream(true)
                            .start();
            String said =
                    new String(docker.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                            .strip();
            if (!docker.waitFor(ANSWER_SECONDS, TimeUnit.SECONDS) || docker.exitValue() != 0) {
                throw missing(said);
            }
            return said;
        } catch (IOException e) {
            throw missing(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("e2e: interrupted", e);
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
