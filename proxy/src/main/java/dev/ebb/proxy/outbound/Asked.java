package dev.ebb.proxy.outbound;

import dev.ebb.proxy.transport.OwnListeners;
import java.net.InetSocketAddress;
import java.util.Optional;

/// What a connection or the authority of a request asks for.
sealed interface Asked {

    /// A destination.
    record Wanted(Target target) implements Asked {}

    /// One of this proxy's own listeners, which must not be reached through it.
    record OwnListener(String name) implements Asked {}

    /// Nothing that could be one.
    record Nothing(String authority) implements Asked {}

    /// By the authority of a request.
    static Asked of(String authority, OwnListeners own) {
        Optional<DestinationName> name = DestinationName.parse(authority);
        if (name.isEmpty()) {
            return new Nothing(authority);
        }
        return own.isOwn(name.get().unresolved())
                ? new OwnListener(name.get().toString())
                : new Wanted(Target.named(name.get()));
    }

    /// By where a redirected connection wanted to go: all that comes on it goes there, whatever
    /// authority its requests name.
    static Asked of(InetSocketAddress original, OwnListeners own) {
        return own.isOwn(original)
                ? new OwnListener(original.toString())
                : new Wanted(Target.redirected(original));
    }
}
