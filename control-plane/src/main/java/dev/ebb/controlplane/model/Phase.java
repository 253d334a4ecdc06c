package dev.ebb.controlplane.model;

/// Where an instance stands between its first registration and its end.
public enum Phase {
    /// Not known to leave.
    SERVING,
    /// Leaves and is held: published as leaving.
    LEAVING,
    /// Released or ended: published no more.
    GONE
}
