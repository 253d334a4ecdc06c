package dev.ebb.controlplane.index;

import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.cluster.ClusterEndpoint.Condition;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointSet;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import dev.ebb.controlplane.model.PublishedEndpoint;
import dev.ebb.controlplane.model.Registry;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One destination: what its sources say, what is published of it, who subscribes to it.
final class Destination {
    private final DestinationName name;

    /// The registry file's endpoints; null if the file does not name the destination.
    private @Nullable List<Registry.Listed> listed;

    private final Map<EndpointKey, Registration> registered = new LinkedHashMap<>();

    /// The cluster's endpoints; null if it does not know the name.
    private @Nullable List<ClusterEndpoint> located;

    private final Set<Subscription> subscriptions = new LinkedHashSet<>();
    private EndpointSet published = EndpointSet.UNKNOWN;

    Destination(DestinationName name) {
        this.name = name;
    }

    DestinationName name() {
        return name;
    }

    Set<Subscription> subscriptions() {
        return subscriptions;
    }

    EndpointSet published() {
        return published;
    }

    void list(@Nullable List<Registry.Listed> endpoints) {
        listed = endpoints;
    }

    void locate(@Nullable List<ClusterEndpoint> endpoints) {
        located = endpoints;
    }

    boolean isListed() {
        return listed != null;
    }

    void register(EndpointKey key, Instance instance, boolean ready) {
        registered.put(key, new Registration(instance, ready));
    }

    void unregister(String uid) {
        registered.keySet().removeIf(key -> key.uid().equals(uid));
    }

    /// How many endpoints there are of other instances than `uid`.
    int registeredByOthers(String uid) {
        return (int) registered.keySet().stream().filter(key -> !key.uid().equals(uid)).count();
    }

    /// Whether the instance has an address here.
    boolean isServedBy(String uid) {
        return published.contains(uid, EndpointState.READY)
                || published.contains(uid, EndpointState.LEAVING)
                || registered.keySet().stream().anyMatch(key -> key.uid().equals(uid))
                || located().anyMatch(endpoint -> endpoint.instance().uid().equals(uid));
    }

    /// Whether a subscriber may still pick the instance.
    boolean isHeld(String uid) {
        return subscriptions.stream().anyMatch(subscription -> subscription.holds(uid));
    }

    /// Whether nothing would be lost by forgetting it.
    boolean isUnused() {
        return listed == null && registered.isEmpty() && subscriptions.isEmpty();
    }

    /// Whether an instance that is neither ready nor leaving serves here: one that may come yet.
    boolean isReplacementComing(String uid, Departures departures) {
        Stream<String> registeredUids =
                registered.entrySet().stream()
                        .filter(entry -> !entry.getValue().ready())
                        .map(entry -> entry.getKey().uid());
        Stream<String> locatedUids =
                located()
                        .filter(endpoint -> endpoint.condition() == Condition.NOT_READY)
                        .map(endpoint -> endpoint.instance().uid());
        return Stream.concat(registeredUids, locatedUids)
                .anyMatch(other -> !other.equals(uid) && departures.phase(other) == Phase.SERVING);
    }

    /// Publishes what the sources say now; true if that is another state than before.
    ///
    /// A destination that was known once stays known while it has subscribers: an emptiness that is
    /// known tells them more than a name that is not.
    boolean refresh(Departures departures, Function<Address, String> owners) {
        List<Endpoint> endpoints =
                describe(departures, owners).stream().map(PublishedEndpoint::endpoint).toList();
        boolean known =
                listed != null || located != null || !registered.isEmpty() || published.known();
        EndpointSet before = published;
        published = known ? EndpointSet.known(endpoints) : EndpointSet.UNKNOWN;
        return !published.equals(before);
    }

    /// The endpoints that are published, and where they come from. An address that an instance has
    /// registered belongs to that instance, also where the registry file lists it.
    List<PublishedEndpoint> describe(Departures departures, Function<Address, String> owners) {
        List<PublishedEndpoint> endpoints = new ArrayList<>();
        for (Registry.Listed entry : listed == null ? List.<Registry.Listed>of() : listed) {
            EndpointKey key = new EndpointKey(owners.apply(entry.address()), entry.address());
            if (!registered.containsKey(key)) {
                state(key.uid(), departures)
                        .map(state -> new Endpoint(key, state, entry.meshed()))
                        .map(endpoint -> fromRegistry(endpoint))
                        .ifPresent(endpoints::add);
            }
        }
        registered.forEach((key, registration) -> {
            if (registration.ready()) {
                state(key.uid(), departures)
                        .map(state -> new Endpoint(key, state, true))
                        .map(endpoint -> registered(endpoint, registration.instance()))
                        .ifPresent(endpoints::add);
            }
        });
        located()
                .filter(endpoint -> !registered.containsKey(endpoint.key()))
                .forEach(endpoint ->
                        state(endpoint, departures)
                                .map(state -> located(endpoint, state))
                                .ifPresent(endpoints::add));
        return endpoints;
    }

    private Stream<ClusterEndpoint> located() {
        return located == null ? Stream.empty() : located.stream();
    }

    private static PublishedEndpoint located(ClusterEndpoint endpoint, EndpointState state) {
        return new PublishedEndpoint(
                new Endpoint(endpoint.key(), state, endpoint.meshed()),
                endpoint.instance().name(),
                PublishedEndpoint.Source.CLUSTER);
    }

    private static PublishedEndpoint fromRegistry(Endpoint endpoint) {
        return new PublishedEndpoint(
                endpoint, endpoint.key().uid(), PublishedEndpoint.Source.REGISTRY);
    }

    private static PublishedEndpoint registered(Endpoint endpoint, Instance instance) {
        return new PublishedEndpoint(
                endpoint, instance.name(), PublishedEndpoint.Source.REGISTERED);
    }

    private static Optional<EndpointState> state(String uid, Departures departures) {
        return switch (departures.phase(uid)) {
            case SERVING -> Optional.of(EndpointState.READY);
            case LEAVING -> Optional.of(EndpointState.LEAVING);
            case GONE -> Optional.empty();
        };
    }

    /// What the cluster calls ready may be leaving already; never the other way round.
    private static Optional<EndpointState> state(ClusterEndpoint endpoint, Departures departures) {
        Optional<EndpointState> state = state(endpoint.instance().uid(), departures);
        return switch (endpoint.condition()) {
            case READY -> state;
            case LEAVING -> state.map(_ -> EndpointState.LEAVING);
            case NOT_READY -> Optional.empty();
        };
    }

    /// What one instance registered at one address.
    private record Registration(Instance instance, boolean ready) {}
}
