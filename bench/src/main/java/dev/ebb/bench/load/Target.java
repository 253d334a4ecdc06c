package dev.ebb.bench.load;

/// Where load is sent: a port on loopback, and the destination that the requests name.
public record Target(int port, String authority) {}
