package dev.ebb.controlplane.model;

/// What tells endpoints apart: the instance as well as the address, so that a reused address is
/// another endpoint.
public record EndpointKey(String uid, Address address) {
    /// Leaves room for what stands in for a uid where the registry file lists an address.
    private static final int MAX_UID = 192;

    public EndpointKey {
        Text.printable("endpoint uid", uid, 1, MAX_UID);
    }
}
