package dev.ebb.e2e.cluster;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Where things are in the repository.
public final class Home {
    private static final Path ROOT = root();

    private Home() {}

    /// A file of the repository, there or not.
    public static Path file(String name) {
        return ROOT.resolve(name);
    }

    /// The kubeconfig of the cluster to use, if there is one.
    static Optional<Path> kubeconfig() {
        String given = System.getenv("EBB_KUBECONFIG");
        Path file =
                given == null || given.isEmpty() ? file("e2e/kind/target/kubeconfig") : file(given);
        return Files.isReadable(file) ? Optional.of(file) : Optional.empty();
    }

    /// Whether the cluster is the one that `make cluster-up` made, whose images are ours to load.
    static boolean isOwnCluster() {
        String given = System.getenv("EBB_KUBECONFIG");
        return given == null || given.isEmpty();
    }

    private static Path root() {
        String given = System.getProperty("ebb.home");
        Path start = Path.of(given == null ? "" : given).toAbsolutePath();
        for (Path at = start; at != null; at = at.getParent()) {
            if (Files.exists(at.resolve("e2e/manifests"))) {
                return at;
            }
        }
        throw new IllegalStateException(start + " (expected: inside of the repository)");
    }
}
