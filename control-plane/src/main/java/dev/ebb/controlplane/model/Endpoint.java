package dev.ebb.controlplane.model;

/// An address that serves a destination.
///
/// @param meshed whether an Ebb proxy answers there, so that its private headers may be believed
public record Endpoint(EndpointKey key, EndpointState state, boolean meshed) {

    /// The same endpoint in another state.
    public Endpoint in(EndpointState other) {
        return other == state ? this : new Endpoint(key, other, meshed);
    }
}
