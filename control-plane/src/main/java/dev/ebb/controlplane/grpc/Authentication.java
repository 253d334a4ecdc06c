package dev.ebb.controlplane.grpc;

import dev.ebb.controlplane.cluster.Identities;

/// What a control stream has to show.
public sealed interface Authentication {

    /// Nothing: a peer is known by its address and registers that only.
    record ByAddress() implements Authentication {}

    /// The one token that all share, and that lets register any address.
    record BySharedToken(String token) implements Authentication {}

    /// A token of its own, which proves its uid.
    record ByOwnToken(Identities identities) implements Authentication {}
}
