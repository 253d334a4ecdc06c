package dev.ebb.bench.load;

/// What is asked for: a port on loopback, the destination that the requests name, and a path there.
public record Target(int port, String authority, String path) {

    /// The same place, another path.
    public Target at(String other) {
        return new Target(port, authority, other);
    }
}
