package dev.ebb.controlplane.cluster;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A source of endpoints beside the registry file and the instances themselves: it knows names, and
/// it knows whether an instance lives.
///
/// Used on the index's writer only. When an answer would be another one than before, whoever feeds
/// the cluster tells the index by [dev.ebb.controlplane.index.Index#changed].
public interface Cluster {
    /// What a control plane without a cluster has.
    Cluster NONE = new NoCluster();

    /// The endpoints of a destination, in a stable order; empty if the cluster does not know the
    /// name.
    Optional<List<ClusterEndpoint>> find(DestinationName destination);

    /// Whether the instance lives, as far as news of it have come: [Phase#GONE] if the cluster does
    /// not know it.
    Phase phase(String uid);

    /// What is known of the application of the instance.
    DepartureStatus.Application application(String uid);

    /// Finds out whether the instance leaves, by a look that begins after this call. `answer` is
    /// called once, later or at once, on the index's writer.
    void read(Instance instance, Consumer<Life> answer);
}
