package dev.ebb.proxy.testing;

import dev.ebb.proto.destination.v1.Endpoint;
import dev.ebb.proto.destination.v1.Endpoint.State;
import java.util.ArrayList;
import java.util.List;

/// What one subscriber may still hold of one destination: the last state that it has applied and
/// all that were sent after it.
final class TestSubscription {

    final long number;
    final String destination;
    private final List<Sent> held = new ArrayList<>();
    private final List<Endpoint> heldFromBefore;
    private long generation;

    TestSubscription(long number, String destination, List<Endpoint> heldFromBefore) {
        this.number = number;
        this.destination = destination;
        this.heldFromBefore = heldFromBefore;
        held.add(new Sent(0, heldFromBefore));
    }

    /// What the subscriber has brought along from another control plane.
    List<Endpoint> heldFromBefore() {
        return heldFromBefore;
    }

    long sent(List<Endpoint> endpoints) {
        generation++;
        held.add(new Sent(generation, endpoints));
        return generation;
    }

    void applied(long upTo) {
        held.removeIf(state -> state.generation < upTo);
    }

    /// Whether this subscriber may still pick the instance.
    ///
    /// @param somethingReady in the destination now; without it a last resort is not waited for
    boolean holds(String uid, Replacement somethingReady) {
        return held.stream().anyMatch(state -> state.picks(uid, somethingReady));
    }

    /// Whether the destination has something ready now.
    enum Replacement {
        READY,
        NONE
    }

    private record Sent(long generation, List<Endpoint> endpoints) {

        boolean picks(String uid, Replacement somethingReady) {
            boolean anyReady = endpoints.stream().anyMatch(each -> each.getState() == State.READY);
            return endpoints.stream()
                    .filter(each -> each.getKey().getUid().equals(uid))
                    .anyMatch(each ->
                            each.getState() == State.READY
                                    || (!anyReady && somethingReady == Replacement.READY));
        }
    }
}
