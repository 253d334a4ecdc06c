package dev.ebb.controlplane.index;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.controlplane.model.Registry;
import dev.ebb.controlplane.model.Served;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// All destinations, and what the registry file, the instances and the cluster say about them.
///
/// A method that changes a source publishes nothing: it returns the destinations to be refreshed.
final class Directory {
    private final Map<DestinationName, Destination> destinations = new LinkedHashMap<>();
    private final Map<String, Set<Destination>> byHost = new HashMap<>();
    private final Map<String, Set<Destination>> servedBy = new HashMap<>();
    private final Owners owners = new Owners();
    private final Departures departures;
    private final Cluster cluster;

    Directory(Departures departures, Cluster cluster) {
        this.departures = departures;
        this.cluster = cluster;
    }

    Destination destination(DestinationName name) {
        return destinations.computeIfAbsent(name, this::create);
    }

    /// Every destination at one of the hosts.
    Set<Destination> at(Collection<String> hosts) {
        Set<Destination> found = new LinkedHashSet<>();
        hosts.forEach(host -> found.addAll(byHost.getOrDefault(host, Set.of())));
        return found;
    }

    Cluster cluster() {
        return cluster;
    }

    Optional<Destination> find(DestinationName name) {
        return Optional.ofNullable(destinations.get(name));
    }

    Collection<Destination> all() {
        return destinations.values();
    }

    /// Forgets a destination that nothing refers to any more.
    void dropUnused(Destination destination) {
        if (destination.isUnused()) {
            destinations.remove(destination.name());
            byHost.computeIfPresent(
                    destination.name().host(),
                    (_, same) -> {
                        same.remove(destination);
                        return same.isEmpty() ? null : same;
                    });
        }
    }

    /// Whether any source tells of the instance now.
    boolean knows(String uid) {
        return uid.startsWith(Owners.REGISTRY_UID) || servedBy.containsKey(uid) || isInCluster(uid);
    }

    /// Where the instance has an address, whoever says so.
    Set<Destination> servedBy(String uid) {
        Set<Destination> serving = new LinkedHashSet<>(servedBy.getOrDefault(uid, Set.of()));
        destinations.values().stream()
                .filter(destination -> destination.isServedBy(uid))
                .forEach(serving::add);
        return serving;
    }

    /// Where a subscriber may still pick the instance.
    Set<Destination> holding(String uid) {
        Set<Destination> holding = new LinkedHashSet<>();
        destinations.values().stream()
                .filter(destination -> destination.isHeld(uid))
                .forEach(holding::add);
        return holding;
    }

    /// Whether the cluster has the instance still.
    boolean isInCluster(String uid) {
        return cluster.phase(uid) != Phase.GONE;
    }

    /// Replaces what the instance serves.
    Set<Destination> register(Instance instance, List<Served> served) {
        Set<Destination> changed = new LinkedHashSet<>(unregister(instance.uid()));
        Set<Destination> serving = new LinkedHashSet<>();
        for (Served line : served) {
            Destination destination = destination(line.destination());
            EndpointKey key = new EndpointKey(instance.uid(), line.address());
            destination.register(key, instance, line.ready());
            owners.registered(instance.uid(), line.address());
            serving.add(destination);
            serving.addAll(owners.listings(line.address()));
        }
        if (!serving.isEmpty()) {
            servedBy.put(instance.uid(), serving);
        }
        changed.addAll(serving);
        return changed;
    }

    Set<Destination> unregister(String uid) {
        Set<Destination> served = servedBy.remove(uid);
        if (served == null) {
            return Set.of();
        }
        served.forEach(destination -> destination.unregister(uid));
        owners.unregistered(uid, departures.phase(uid));
        return served;
    }

    /// Replaces what the registry file lists.
    Set<Destination> replace(Registry registry) {
        Set<Destination> changed = new LinkedHashSet<>();
        owners.unlistAll();
        for (Destination destination : destinations.values()) {
            if (destination.isListed() && !registry.services().containsKey(destination.name())) {
                destination.list(null);
                changed.add(destination);
            }
        }
        registry.services()
                .forEach((name, endpoints) -> {
                    Destination destination = destination(name);
                    destination.list(endpoints);
                    changed.add(destination);
                    endpoints.forEach(listed -> owners.listed(listed.address(), destination));
                });
        owners.forgetUnlisted();
        servedBy.forEach((uid, serving) -> serving.addAll(listingsOf(uid)));
        return changed;
    }

    /// Publishes what the sources say of a destination now; true if that has changed.
    boolean refresh(Destination destination) {
        destination.locate(cluster.find(destination.name()).orElse(null));
        return destination.refresh(departures, owners::of);
    }

    Optional<List<PublishedEndpoint>> describe(DestinationName name) {
        Destination destination = find(name).orElseGet(() -> ask(name));
        return destination.published().known()
                ? Optional.of(destination.describe(departures, owners::of))
                : Optional.empty();
    }

    /// Looks a name up without keeping it.
    private Destination ask(DestinationName name) {
        Destination asked = new Destination(name);
        refresh(asked);
        return asked;
    }

    private Destination create(DestinationName name) {
        Destination destination = new Destination(name);
        byHost.computeIfAbsent(name.host(), _ -> new LinkedHashSet<>()).add(destination);
        return destination;
    }

    private Set<Destination> listingsOf(String uid) {
        Set<Destination> listings = new LinkedHashSet<>();
        for (Address address : owners.registeredBy(uid)) {
            listings.addAll(owners.listings(address));
        }
        return listings;
    }
}
