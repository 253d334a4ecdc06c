package dev.ebb.controlplane.model;

/// Sizes of the index at one moment.
public record IndexStats(
        int connections, int subscriptions, int outstanding, int destinations, int departures) {}
