package dev.ebb.controlplane;

import dev.ebb.controlplane.kubernetes.KubernetesSettings;
import dev.ebb.env.Env;
import java.nio.file.Path;
import java.time.Duration;

/// What a control plane of a Kubernetes cluster is told.
record KubernetesConfig(ServerConfig server, KubernetesSettings cluster) {

    /// Reads everything; what is malformed has its default, and the settings have the problems.
    static KubernetesConfig read(Settings settings) {
        Env env = settings.env();
        return new KubernetesConfig(
                settings.server("0.0.0.0"),
                new KubernetesSettings(
                        env.string(settings.name(KubernetesCommand.KUBECONFIG)).map(Path::of),
                        env.string(settings.name(KubernetesCommand.CONTEXT)),
                        env.string(
                                settings.name(KubernetesCommand.CLUSTER_DOMAIN), "cluster.local"),
                        env.duration(
                                settings.name(KubernetesCommand.WATCH_SILENCE),
                                Duration.ofSeconds(90)),
                        env.duration(settings.name(KubernetesCommand.NEWS_DELAY), Duration.ZERO)));
    }
}
