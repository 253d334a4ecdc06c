package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Endpoint;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.EndpointSet;
import dev.ebb.controlplane.model.EndpointState;
import dev.ebb.controlplane.model.Update;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// One subscriber's use of one destination: what it was sent, what it has applied, and so what it
/// may still be picking from.
final class Subscription {
    private final long number;
    private final Member subscriber;
    private final Destination destination;
    private final int maxOutstanding;

    /// The state applied last, then every later one in the order it was sent.
    private final Deque<SentState> states = new ArrayDeque<>();

    /// Held from before a reconnect; counts until anything of this subscription is applied.
    private Inherited inherited = Inherited.NOTHING;

    /// What a warming-up control plane must not take away.
    private Map<EndpointKey, Endpoint> carried = Map.of();

    private @Nullable EndpointSet lastSent;
    private long generation;
    private long applied;

    Subscription(long number, Member subscriber, Destination destination, int maxOutstanding) {
        this.number = number;
        this.subscriber = subscriber;
        this.destination = destination;
        this.maxOutstanding = maxOutstanding;
    }

    long number() {
        return number;
    }

    Member subscriber() {
        return subscriber;
    }

    Destination destination() {
        return destination;
    }

    /// Whether the subscriber may still pick the instance.
    boolean holds(String uid) {
        boolean readyNow = destination.published().hasReady();
        return inherited.holds(uid, readyNow)
                || states.stream().anyMatch(state -> state.holds(uid, readyNow));
    }

    /// Whether the subscriber was told that the instance leaves.
    boolean wasTold(String uid) {
        return states.stream()
                .anyMatch(state -> state.endpoints().contains(uid, EndpointState.LEAVING));
    }

    /// Whether the newest applied state picks leaving endpoints.
    boolean isLastResort() {
        SentState first = states.peekFirst();
        return first != null && first.generation() == applied && first.usesLeaving();
    }

    int outstanding() {
        return states.size() - (isAnythingApplied() ? 1 : 0);
    }

    /// Counts what the subscriber says it holds.
    void holdsAlready(Collection<Endpoint> held) {
        inherited = inherited.and(new SentState(0, EndpointSet.known(held), false));
    }

    /// Keeps up what the subscriber holds for as long as the control plane is warming up.
    void carry(Collection<Endpoint> held) {
        Map<EndpointKey, Endpoint> byKey = LinkedHashMap.newLinkedHashMap(held.size());
        held.forEach(endpoint -> byKey.put(endpoint.key(), endpoint));
        carried = byKey;
    }

    /// Ends the carrying: from now on the sources alone decide.
    void stopCarrying() {
        carried = Map.of();
    }

    /// Takes over the vote of the same subscriber's subscription on its earlier stream.
    void inherit(Subscription earlier) {
        inherited = inherited.and(earlier.inherited);
        for (SentState state : earlier.states) {
            inherited = inherited.and(state);
        }
    }

    /// Forgets inherited instances that nothing can be decided about once there are more than
    /// `limit`, so that a subscriber that reconnects for ever and applies nothing does not grow
    /// this for ever.
    void pruneInherited(int limit, Predicate<String> isOfInterest) {
        if (inherited.size() > limit) {
            inherited = inherited.only(isOfInterest);
        }
    }

    /// Takes an acknowledgement; false if it says nothing new.
    boolean applied(long appliedGeneration, boolean lastResort) {
        if (appliedGeneration > generation || appliedGeneration <= applied) {
            return false;
        }
        while (states.getFirst().generation() < appliedGeneration) {
            states.removeFirst();
        }
        states.addFirst(states.removeFirst().applied(lastResort));
        inherited = Inherited.NOTHING;
        applied = appliedGeneration;
        return true;
    }

    /// Makes the step from what was sent last to the newest state and counts it as held; empty if
    /// there is none, or if too much is unanswered.
    Optional<Update> next(Departures departures) {
        EndpointSet newest = view(departures);
        EndpointSet before = lastSent;
        boolean isNews = before == null || !newest.equals(before);
        if (!isNews || outstanding() >= maxOutstanding) {
            return Optional.empty();
        }
        long base = generation++;
        lastSent = newest;
        states.addLast(new SentState(generation, newest, false));
        return Optional.of(
                before == null
                        ? new Update.Snapshot(number, generation, newest)
                        : delta(base, before, newest));
    }

    private Update delta(long base, EndpointSet before, EndpointSet after) {
        List<Endpoint> changed = new ArrayList<>();
        List<EndpointKey> removed = new ArrayList<>();
        after.endpoints()
                .forEach((key, endpoint) -> {
                    if (!endpoint.equals(before.endpoints().get(key))) {
                        changed.add(endpoint);
                    }
                });
        for (EndpointKey key : before.endpoints().keySet()) {
            if (!after.endpoints().containsKey(key)) {
                removed.add(key);
            }
        }
        return new Update.Delta(number, base, generation, after.known(), changed, removed);
    }

    /// What the destination publishes, and while warming up also what the subscriber holds: only a
    /// departure that is known may take that away, and nothing makes a leaving endpoint ready
    /// again.
    private EndpointSet view(Departures departures) {
        EndpointSet published = destination.published();
        if (carried.isEmpty()) {
            return published;
        }
        Map<EndpointKey, Endpoint> view = new LinkedHashMap<>(published.endpoints());
        for (Endpoint held : carried.values()) {
            switch (departures.phase(held.key().uid())) {
                case SERVING -> view.merge(held.key(), held, Subscription::lessReady);
                case LEAVING -> view.putIfAbsent(held.key(), held.in(EndpointState.LEAVING));
                case GONE -> {}
            }
        }
        return EndpointSet.known(view.values());
    }

    private static Endpoint lessReady(Endpoint published, Endpoint held) {
        return held.state() == EndpointState.LEAVING
                ? published.in(EndpointState.LEAVING)
                : published;
    }

    private boolean isAnythingApplied() {
        SentState first = states.peekFirst();
        return first != null && first.generation() == applied;
    }
}
