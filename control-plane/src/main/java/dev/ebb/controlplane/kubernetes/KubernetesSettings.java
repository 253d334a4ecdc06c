package dev.ebb.controlplane.kubernetes;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// Which cluster, and how it is watched.
///
/// @param kubeconfig the file to use; empty in a pod, where the ServiceAccount tells all
/// @param context in the kubeconfig; empty for its current one
/// @param domain of the names of Services, such as `cluster.local`
/// @param watchSilence after which a watch is begun anew
/// @param newsDelay how late news are taken; for tests of late news
public record KubernetesSettings(
        Optional<Path> kubeconfig,
        Optional<String> context,
        String domain,
        Duration watchSilence,
        Duration newsDelay) {}
