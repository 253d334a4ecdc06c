package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.EndpointSet;
import dev.ebb.controlplane.model.EndpointState;

/// A state that a subscriber may be using: it was sent, and nothing later is applied.
///
/// @param lastResort the subscriber said that it picks leaving endpoints in this state
record SentState(long generation, EndpointSet endpoints, boolean lastResort) {

    /// Whether a subscriber in this state picks the instance: it is ready in it; or the state's
    /// last resort while the destination has something ready by now, so that this state is out of
    /// date.
    boolean holds(String uid, boolean readyNow) {
        return endpoints.contains(uid, EndpointState.READY)
                || (readyNow && usesLeaving() && endpoints.contains(uid, EndpointState.LEAVING));
    }

    /// Whether leaving endpoints are picked in this state.
    boolean usesLeaving() {
        return lastResort || !endpoints.hasReady();
    }

    SentState applied(boolean asLastResort) {
        return asLastResort == lastResort
                ? this
                : new SentState(generation, endpoints, asLastResort);
    }
}
