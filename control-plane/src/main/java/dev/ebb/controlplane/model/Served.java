package dev.ebb.controlplane.model;

/// One line of an instance's registration.
///
/// @param destination the name that clients ask for
/// @param address where clients connect to
/// @param ready false while the application is not: published to nobody, but a replacement that is
///   coming
public record Served(DestinationName destination, Address address, boolean ready) {}
