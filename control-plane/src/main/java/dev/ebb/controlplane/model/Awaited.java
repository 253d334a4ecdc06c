package dev.ebb.controlplane.model;

import java.time.Duration;

/// A subscriber that still holds an address of a departing instance as pickable.
///
/// @param waited for how long it has been waited for
public record Awaited(Instance subscriber, DestinationName destination, Duration waited) {}
