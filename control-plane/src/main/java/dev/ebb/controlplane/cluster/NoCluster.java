package dev.ebb.controlplane.cluster;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Knows nothing: an instance without a departure lives, because nobody but itself could tell.
final class NoCluster implements Cluster {

    @Override
    public Optional<List<ClusterEndpoint>> find(DestinationName destination) {
        return Optional.empty();
    }

    @Override
    public Phase phase(String uid) {
        return Phase.GONE;
    }

    @Override
    public DepartureStatus.Application application(String uid) {
        return DepartureStatus.Application.UNKNOWN;
    }

    @Override
    public void read(Instance instance, Consumer<Life> answer) {
        answer.accept(new Life.Alive());
    }
}
