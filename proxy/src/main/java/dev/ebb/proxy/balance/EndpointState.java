package dev.ebb.proxy.balance;

/// What an endpoint may be used for.
public enum EndpointState {
    /// Picked.
    READY,
    /// Picked only when nothing is ready.
    LEAVING
}
