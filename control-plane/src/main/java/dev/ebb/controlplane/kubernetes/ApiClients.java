package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The clients of one API server: one that lists, watches and writes and has patience, one that is
/// asked something in between and must not wait long.
///
/// @param url of the API server, for people
record ApiClients(KubernetesClient watching, KubernetesClient asking, String url)
        implements AutoCloseable {
    private static final Duration CONNECT = Duration.ofSeconds(5);
    private static final Duration LIST = Duration.ofSeconds(30);

    /// A question about a departure is answered within a second.
    private static final Duration QUESTION = Duration.ofMillis(800);

    private static final String IN_POD = "KUBERNETES_SERVICE_HOST";

    /// Opens nothing yet: connections are made when they are needed.
    static ApiClients open(KubernetesSettings settings) throws NoClusterException {
        Config config = find(settings, System.getenv());
        return new ApiClients(
                client(config, LIST, 0),
                client(config, QUESTION, 0),
                String.valueOf(config.getMasterUrl()));
    }

    @Override
    public void close() {
        watching.close();
        asking.close();
    }

    /// Which cluster is meant: what was said, else the one that we run in, else what `kubectl`
    /// would use.
    static Config find(KubernetesSettings settings, Map<String, String> environment)
            throws NoClusterException {
        if (settings.kubeconfig().isPresent()) {
            return read(settings.kubeconfig().get(), settings.context());
        }
        if (environment.containsKey(IN_POD)) {
            if (settings.context().isPresent()) {
                throw new NoClusterException(
                        "context: \"%s\" needs a kubeconfig: in a pod its ServiceAccount is used (expected: --kubeconfig FILE)"
                                .formatted(settings.context().get()));
            }
            return new ConfigBuilder().build();
        }
        Path byDefault = Path.of(environment.getOrDefault("HOME", "/"), ".kube", "config");
        Path file =
                Optional.ofNullable(environment.get("KUBECONFIG"))
                        .filter(text -> !text.isBlank())
                        .map(Path::of)
                        .orElse(byDefault);
        if (!Files.isReadable(file)) {
            throw new NoClusterException(
                    "no cluster: %s is not set, so this is no pod, and %s cannot be read (expected: --kubeconfig FILE)"
                            .formatted(IN_POD, file));
        }
        return read(file, settings.context());
    }

    private static Config read(Path file, Optional<String> context) throws NoClusterException {
        if (!Files.isReadable(file)) {
            throw new NoClusterException(
                    "kubeconfig: %s cannot be read (expected: a file as kubectl uses it)"
                            .formatted(file));
        }
        Config config;
        try {
            config = Config.fromKubeconfig(file.toFile());
        } catch (RuntimeException e) {
            throw new NoClusterException(
                    "kubeconfig: %s is malformed: %s (expected: a file as kubectl uses it)"
                            .formatted(file, ApiFailure.words(e)));
        }
        List<String> contexts = config.getContexts().stream().map(each -> each.getName()).toList();
        String wanted =
                context.orElse(
                        config.getCurrentContext() == null
                                ? ""
                                : config.getCurrentContext().getName());
        if (!contexts.contains(wanted)) {
            throw new NoClusterException(
                    "context: \"%s\" is not in %s (expected: one of %s)"
                            .formatted(wanted, file, contexts));
        }
        return context.isEmpty() ? config : Config.fromKubeconfig(wanted, file.toFile());
    }

    private static KubernetesClient client(Config config, Duration requestLimit, int retries) {
        Config own =
                new ConfigBuilder(config)
                        .withConnectionTimeout(Math.toIntExact(CONNECT.toMillis()))
                        .withRequestTimeout(Math.toIntExact(requestLimit.toMillis()))
                        .withRequestRetryBackoffLimit(retries)
                        // A connection that is dead without a word would be shared by everything;
                        // with HTTP/1.1 a request that times out closes its own.
                        .withHttp2Disable(true)
                        .withUserAgent("ebb-control-plane")
                        .build();
        return new KubernetesClientBuilder().withConfig(own).build();
    }
}
