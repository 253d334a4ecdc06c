package dev.ebb.proxy.balance;

import java.net.InetSocketAddress;

/// An address that serves a destination.
///
/// @param uid the instance behind it; with the address its key, so that a reused address is another
///   endpoint
/// @param address where to connect to
/// @param state what it may be used for
/// @param meshed whether an Ebb proxy answers there, so that its private headers may be believed
public record Endpoint(
        String uid, InetSocketAddress address, EndpointState state, boolean meshed) {}
