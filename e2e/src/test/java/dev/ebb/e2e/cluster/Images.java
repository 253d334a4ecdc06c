package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Brings the archives that `make images` wrote into the nodes of our own kind cluster. What the
/// nodes have is remembered in the cluster, by digest, so that a second run loads nothing.
final class Images {
    private static final List<String> NAMES =
            List.of("ebb-proxy", "ebb-control-plane", "ebb-await", "ebb-init", "ebb-testapp");

    private static final Duration LOAD = Duration.ofMinutes(5);

    private Images() {}

    /// What a load did to the nodes.
    enum Change {
        NONE,
        LOADED
    }

    /// @throws IllegalStateException if an archive is missing or cannot be loaded
    static Change load(KubernetesClient client) {
        Map<String, String> loaded = remembered(client);
        Map<String, String> wanted = new HashMap<>();
        for (String name : NAMES) {
            wanted.put(name, digest(archive(name)));
        }
        if (wanted.equals(loaded)) {
            return Change.NONE;
        }
        wanted.forEach((name, digest) -> {
            if (!digest.equals(loaded.get(name))) {
                load(archive(name));
            }
        });
        remember(client, wanted);
        return Change.LOADED;
    }

    private static Path archive(String name) {
        Path archive = Home.file("deploy/images/target/" + name + ".tar");
        if (!Files.isReadable(archive)) {
            throw new IllegalStateException(
                    "e2e: %s is missing (expected: make images)".formatted(archive));
        }
        return archive;
    }

    private static void load(Path archive) {
        long start = System.nanoTime();
        Path bin = Home.file("e2e/kind/target/bin");
        ProcessBuilder kind =
                new ProcessBuilder(
                        bin.resolve("kind").toString(),
                        "load",
                        "image-archive",
                        archive.toString(),
                        "--name",
                        "ebb");
        dockerHost().ifPresent(host -> kind.environment().put("DOCKER_HOST", host));
        Command loaded = Command.run(kind, LOAD);
        if (loaded.exitCode() != 0) {
            throw new IllegalStateException(
                    "e2e: kind cannot load %s: %s".formatted(archive, loaded.output()));
        }
        Figures.print(
                "loaded %s in %d ms"
                        .formatted(
                                archive.getFileName(),
                                TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start)));
    }

    /// As `make cluster-up` wrote it down, where Docker was started by it.
    private static Optional<String> dockerHost() {
        try {
            return Files.readAllLines(Home.file("e2e/kind/target/env")).stream()
                    .filter(line -> line.startsWith("export DOCKER_HOST="))
                    .map(line -> line.substring(line.indexOf('=') + 1))
                    .findFirst();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    private static Map<String, String> remembered(KubernetesClient client) {
        ConfigMap map =
                client.configMaps().inNamespace("kube-public").withName("ebb-e2e-images").get();
        return map == null || map.getData() == null ? Map.of() : map.getData();
    }

    private static void remember(KubernetesClient client, Map<String, String> digests) {
        client.configMaps()
                .inNamespace("kube-public")
                .resource(
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName("ebb-e2e-images")
                                .withNamespace("kube-public")
                                .endMetadata()
                                .withData(digests)
                                .build())
                .forceConflicts()
                .serverSideApply();
    }

    private static String digest(Path file) {
        try (InputStream in = Files.newInputStream(file);
                DigestOutputStream out =
                        new DigestOutputStream(
                                OutputStream.nullOutputStream(),
                                MessageDigest.getInstance("SHA-256"))) {
            in.transferTo(out);
            return HexFormat.of().formatHex(out.getMessageDigest().digest());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
