package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.EndpointSet;
import dev.ebb.proxy.balance.EndpointState;
import dev.ebb.proxy.transport.OwnListeners;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What discovery says of a destination, as it is for this instance. Pure.
///
/// @param ownUid this instance
/// @param ownListeners of this process
record LocalView(String ownUid, OwnListeners ownListeners) {

    /// The endpoints to use. What nobody knows is the address that the application wanted itself,
    /// if it is known.
    EndpointSet of(EndpointSet told, @Nullable InetSocketAddress original) {
        if (told.known()) {
            return told.endpoints().stream().anyMatch(this::isOwnApplication)
                    ? new EndpointSet(true, told.endpoints().stream().map(this::seen).toList())
                    : told;
        }
        return original == null ? told : new EndpointSet(false, List.of(asItIs(original)));
    }

    private Endpoint seen(Endpoint endpoint) {
        return isOwnApplication(endpoint)
                ? new Endpoint(endpoint.uid(), endpoint.address(), endpoint.state(), false)
                : endpoint;
    }

    /// Traffic of a pod to itself is not redirected to its inbound side: at its own address answers
    /// the application, which must neither see private headers nor be believed if it sends some.
    private boolean isOwnApplication(Endpoint endpoint) {
        return endpoint.uid().equals(ownUid)
                && endpoint.meshed()
                && !ownListeners.isOwn(endpoint.address());
    }

    private static Endpoint asItIs(InetSocketAddress original) {
        return new Endpoint("", original, EndpointState.READY, false);
    }
}
