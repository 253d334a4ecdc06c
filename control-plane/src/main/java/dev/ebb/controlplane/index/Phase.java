package dev.ebb.controlplane.index;

/// Where an instance stands between its first registration and its end.
enum Phase {
    /// Not known to leave.
    SERVING,
    /// Leaves and is held: published as leaving.
    LEAVING,
    /// Released or ended: published no more.
    GONE
}
