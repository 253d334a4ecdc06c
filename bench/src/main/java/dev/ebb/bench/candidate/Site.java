package dev.ebb.bench.candidate;

import java.nio.file.Path;

/// Where a proxy does its task: the directory for its own files, the port on loopback that it
/// listens on, and the port of the origin behind it.
public record Site(Path directory, int listenPort, int originPort) {}
