package dev.ebb.controlplane.model;

import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/// One state of a destination's endpoints; immutable, so that every subscription that was sent it
/// can refer to the same object.
public final class EndpointSet {
    /// What a destination that no source knows has.
    public static final EndpointSet UNKNOWN = new EndpointSet(false, Map.of());

    private final boolean known;
    private final Map<EndpointKey, Endpoint> endpoints;
    private final Set<String> ready = new HashSet<>();
    private final Set<String> leaving = new HashSet<>();

    private EndpointSet(boolean known, Map<EndpointKey, Endpoint> endpoints) {
        this.known = known;
        this.endpoints = Collections.unmodifiableMap(endpoints);
        for (Endpoint endpoint : endpoints.values()) {
            uids(endpoint.state()).add(endpoint.key().uid());
        }
    }

    /// A destination that some source knows; without endpoints it is a known emptiness.
    public static EndpointSet known(Collection<Endpoint> endpoints) {
        Map<EndpointKey, Endpoint> byKey = LinkedHashMap.newLinkedHashMap(endpoints.size());
        endpoints.forEach(endpoint -> byKey.put(endpoint.key(), endpoint));
        return new EndpointSet(true, byKey);
    }

    /// Whether any source knows the destination.
    public boolean known() {
        return known;
    }

    /// Every endpoint, ready and leaving, in a stable order.
    public Map<EndpointKey, Endpoint> endpoints() {
        return endpoints;
    }

    /// Whether a client picks from ready endpoints here; otherwise leaving ones are its last
    /// resort.
    public boolean hasReady() {
        return !ready.isEmpty();
    }

    /// Whether an instance other than `uid` is ready.
    public boolean hasReadyOtherThan(String uid) {
        return ready.size() > (ready.contains(uid) ? 1 : 0);
    }

    /// Whether an address of the instance is in the set in this state.
    public boolean contains(String uid, EndpointState state) {
        return uids(state).contains(uid);
    }

    private Set<String> uids(EndpointState state) {
        return switch (state) {
            case READY -> ready;
            case LEAVING -> leaving;
        };
    }

    @Override
    public boolean equals(Object other) {
        return this == other
                || (other instanceof EndpointSet that
                        && known == that.known
                        && endpoints.equals(that.endpoints));
    }

    @Override
    public int hashCode() {
        return endpoints.hashCode();
    }

    @Override
    public String toString() {
        return known ? endpoints.values().toString() : "unknown";
    }
}
