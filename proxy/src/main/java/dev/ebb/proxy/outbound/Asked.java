package dev.ebb.proxy.outbound;

import dev.ebb.proxy.transport.OwnListeners;
import java.util.Optional;

/// What the authority of a request asks for.
sealed interface Asked {

    /// A destination.
    record Named(DestinationName name) implements Asked {}

    /// One of this proxy's own listeners, which must not be reached through it.
    record OwnListener(DestinationName name) implements Asked {}

    /// Nothing that could be one.
    record Nothing(String authority) implements Asked {}

    static Asked of(String authority, OwnListeners own) {
        Optional<DestinationName> name = DestinationName.parse(authority);
        if (name.isEmpty()) {
            return new Nothing(authority);
        }
        return own.isOwn(name.get().unresolved())
                ? new OwnListener(name.get())
                : new Named(name.get());
    }
}
