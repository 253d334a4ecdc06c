package dev.ebb.controlplane.model;

import java.util.List;

/// What the index has to say to one subscriber.
public sealed interface Update {

    /// The whole state of a destination; replaces everything sent before on the subscription.
    record Snapshot(long subscription, long generation, EndpointSet endpoints) implements Update {}

    /// What changed since `base`, the generation that was sent before.
    record Delta(
            long subscription,
            long base,
            long generation,
            boolean known,
            List<Endpoint> changed,
            List<EndpointKey> removed)
            implements Update {}

    /// How the subscriber's own departure stands.
    record Departing(DepartureStatus status) implements Update {}
}
