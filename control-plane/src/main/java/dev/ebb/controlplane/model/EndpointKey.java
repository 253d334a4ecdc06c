package dev.ebb.controlplane.model;

/// What tells endpoints apart: the instance as well as the address, so that a reused address is
/// another endpoint.
public record EndpointKey(String uid, Address address) {}
