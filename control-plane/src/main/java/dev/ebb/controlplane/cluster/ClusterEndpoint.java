package dev.ebb.controlplane.cluster;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.EndpointKey;
import dev.ebb.controlplane.model.Instance;

/// An address at which the cluster has a destination served.
///
/// @param instance whose address it is
/// @param meshed whether an Ebb proxy answers there
public record ClusterEndpoint(
        Instance instance, Address address, Condition condition, boolean meshed) {

    /// What tells it apart.
    public EndpointKey key() {
        return new EndpointKey(instance.uid(), address);
    }

    /// What the cluster says of it.
    public enum Condition {
        /// Takes traffic.
        READY,
        /// Takes none, but may come yet.
        NOT_READY,
        /// Is about to go and takes traffic that has nowhere else to go.
        LEAVING
    }
}
