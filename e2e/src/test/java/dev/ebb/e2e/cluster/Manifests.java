package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;

/// The hand-written YAML of `e2e/manifests`, as objects that are the caller's own.
public final class Manifests {
    private Manifests() {}

    /// A file that there is in both shapes: `web`, `client`, `job`, `cronjob`.
    public static List<HasMetadata> of(KubernetesClient client, Shape shape, String name) {
        return read(client, shape + "/" + name + ".yaml");
    }

    /// A file by its name in the folder.
    public static List<HasMetadata> read(KubernetesClient client, String name) {
        try {
            byte[] text = Files.readAllBytes(Home.file("e2e/manifests").resolve(name));
            return client.load(new ByteArrayInputStream(text)).items();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
