package dev.ebb.proxy.balance;

import java.util.List;

/// One state of a destination's endpoints.
///
/// @param known whether any source knows the destination; an empty list of a known one is a known
///   emptiness
/// @param endpoints every endpoint, ready and leaving
public record EndpointSet(boolean known, List<Endpoint> endpoints) {

    /// What is assumed before discovery has said anything.
    public static final EndpointSet UNKNOWN = new EndpointSet(false, List.of());

    public EndpointSet {
        endpoints = List.copyOf(endpoints);
    }
}
