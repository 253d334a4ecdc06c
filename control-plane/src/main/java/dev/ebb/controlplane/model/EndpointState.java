package dev.ebb.controlplane.model;

/// What an endpoint may be used for. One that is gone is not in the set.
public enum EndpointState {
    /// Picked.
    READY,
    /// Picked only when nothing is ready.
    LEAVING
}
