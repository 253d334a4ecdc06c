package dev.ebb.controlplane;

import java.nio.file.Path;
import java.util.Optional;

/// What a control plane without a cluster is told.
///
/// @param registry the registry file
/// @param token what control streams have to show
record StandaloneConfig(ServerConfig server, Optional<Path> registry, Optional<String> token) {}
