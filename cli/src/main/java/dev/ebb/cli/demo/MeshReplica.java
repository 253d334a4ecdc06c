package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Child;

/// One replica in the mesh: its proxy, and the application under `ebb-await`.
///
/// @param await what is told to leave
/// @param outbound the port where the proxy takes the application's own requests
/// @param admin the proxy's admin port
record MeshReplica(String name, Child proxy, Child await, int outbound, int admin) {}
