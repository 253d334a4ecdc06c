package dev.ebb.controlplane.index;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.cluster.ClusterEndpoint.Condition;
import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// A cluster that says what a test wants.
final class FakeCluster implements Cluster {
    final Map<DestinationName, Map<String, ClusterEndpoint>> endpoints = new HashMap<>();
    final Map<String, Phase> phases = new HashMap<>();
    final Map<String, Application> applications = new HashMap<>();

    /// Reads that have not been answered.
    final List<Consumer<Life>> reads = new ArrayList<>();

    void serves(DestinationName destination, String uid, Condition condition) {
        endpoints
                .computeIfAbsent(destination, _ -> new LinkedHashMap<>())
                .put(
                        uid,
                        new ClusterEndpoint(
                                new Instance(uid, uid),
                                new Address("10.1.0." + (1 + uid.length()), 80),
                                condition,
                                true));
        phases.putIfAbsent(uid, Phase.SERVING);
    }

    @Override
    public Optional<List<ClusterEndpoint>> find(DestinationName destination) {
        return Optional.ofNullable(endpoints.get(destination))
                .map(found -> List.copyOf(found.values()));
    }

    @Override
    public Phase phase(String uid) {
        return phases.getOrDefault(uid, Phase.GONE);
    }

    @Override
    public Application application(String uid) {
        return applications.getOrDefault(uid, Application.RUNNING);
    }

    @Override
    public void read(Instance instance, Consumer<Life> answer) {
        reads.add(answer);
    }

    /// Answers the oldest read.
    void answer(Life life) {
        reads.removeFirst().accept(life);
    }
}
