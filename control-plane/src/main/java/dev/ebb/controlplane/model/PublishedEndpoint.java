package dev.ebb.controlplane.model;

/// An endpoint as people and tools see it.
public record PublishedEndpoint(Endpoint endpoint, String instanceName, Source source) {

    /// Who told of it.
    public enum Source {
        /// The registry file.
        REGISTRY,
        /// The instance itself.
        REGISTERED,
        /// The cluster.
        CLUSTER
    }
}
