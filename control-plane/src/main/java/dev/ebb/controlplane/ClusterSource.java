package dev.ebb.controlplane;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.grpc.Authentication;
import dev.ebb.controlplane.grpc.SingleWriter;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.kubernetes.KubernetesSettings;
import dev.ebb.controlplane.kubernetes.KubernetesSource;
import dev.ebb.env.DurationText;
import java.util.LinkedHashMap;
import java.util.Map;

/// A Kubernetes cluster: endpoints, departures and identities from its API server.
final class ClusterSource implements Source {
    private final KubernetesSettings settings;
    private final KubernetesSource kubernetes;

    ClusterSource(
            KubernetesSettings settings, KubernetesSource kubernetes, ControlPlaneMetrics metrics) {
        this.settings = settings;
        this.kubernetes = kubernetes;
        metrics.watches(kubernetes::silence);
    }

    @Override
    public Cluster cluster() {
        return kubernetes.cluster();
    }

    @Override
    public Authentication authentication() {
        return new Authentication.ByOwnToken(kubernetes.identities());
    }

    @Override
    public IndexEvents events(IndexEvents next) {
        return kubernetes.events(next);
    }

    @Override
    public void start(Index index, SingleWriter writer, Runnable synced) {
        kubernetes.start(index, synced);
    }

    @Override
    public void stop() {
        kubernetes.stop();
    }

    @Override
    public void close() {
        kubernetes.close();
    }

    @Override
    public Map<String, Object> describe() {
        Map<String, Object> described = new LinkedHashMap<>();
        described.put("apiServer", kubernetes.url());
        described.put("clusterDomain", settings.domain());
        described.put("watchSilence", DurationText.format(settings.watchSilence()));
        described.put("newsDelay", DurationText.format(settings.newsDelay()));
        return described;
    }
}
