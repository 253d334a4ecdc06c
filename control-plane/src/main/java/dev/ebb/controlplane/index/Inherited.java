package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.EndpointSet;
import dev.ebb.controlplane.model.EndpointState;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// What a subscriber holds from before its reconnect: the states of its earlier stream and what it
/// says itself, taken together, because it may not have applied what it received last.
///
/// @param ready uids that some of those states hold as ready
/// @param lastResort uids that some of them hold as last resort
record Inherited(Set<String> ready, Set<String> lastResort) {
    static final Inherited NOTHING = new Inherited(Set.of(), Set.of());

    boolean holds(String uid, boolean readyNow) {
        return ready.contains(uid) || (readyNow && lastResort.contains(uid));
    }

    /// Adds one more state.
    Inherited and(SentState state) {
        Set<String> moreReady = new HashSet<>(ready);
        Set<String> moreLastResort = new HashSet<>(lastResort);
        EndpointSet endpoints = state.endpoints();
        for (var key : endpoints.endpoints().keySet()) {
            if (endpoints.contains(key.uid(), EndpointState.READY)) {
                moreReady.add(key.uid());
            } else if (state.usesLeaving()) {
                moreLastResort.add(key.uid());
            }
        }
        return new Inherited(moreReady, moreLastResort);
    }

    /// Adds what an earlier subscription inherited itself.
    Inherited and(Inherited other) {
        Set<String> moreReady = new HashSet<>(ready);
        Set<String> moreLastResort = new HashSet<>(lastResort);
        moreReady.addAll(other.ready);
        moreLastResort.addAll(other.lastResort);
        return new Inherited(moreReady, moreLastResort);
    }

    int size() {
        return ready.size() + lastResort.size();
    }

    /// Leaves only some instances.
    Inherited only(Predicate<String> isOfInterest) {
        Set<String> lessReady = new HashSet<>(ready);
        Set<String> lessLastResort = new HashSet<>(lastResort);
        lessReady.removeIf(isOfInterest.negate());
        lessLastResort.removeIf(isOfInterest.negate());
        return new Inherited(lessReady, lessLastResort);
    }
}
