package dev.ebb.proxy.discovery;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;

/// Where the control plane is, and who asks it.
///
/// @param address its host and port, unresolved: looked up afresh for every connection
/// @param uid of this instance
/// @param name of this instance, for people
/// @param version of this program, for people
/// @param tokenFile holds what proves this instance's identity; read for every connection
public record DiscoveryConfig(
        InetSocketAddress address,
        String uid,
        String name,
        String version,
        Optional<Path> tokenFile) {}
