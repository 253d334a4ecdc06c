package dev.ebb.proxy.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Where the client of an accepted connection wanted to connect to.
///
/// @see <a href="file:docs/redirection.md">how connections get here that wanted to go elsewhere</a>
@FunctionalInterface
public interface OriginalDestination {

    /// The address, null if the connection does not tell. Called on the connection's event loop,
    /// once, before anything is read.
    @Nullable InetSocketAddress of(Channel accepted);

    /// Never tells.
    static OriginalDestination untold() {
        return accepted -> null;
    }

    /// Without redirection every inbound connection wants the one application.
    static OriginalDestination fixed(InetSocketAddress address) {
        return accepted -> address;
    }

    /// The client wanted what it got: the listener itself.
    static OriginalDestination listener() {
        return accepted -> (InetSocketAddress) accepted.localAddress();
    }

    /// The same, but what does not fit counts as not told.
    default OriginalDestination onlyIf(Predicate<InetSocketAddress> fits) {
        return accepted -> {
            InetSocketAddress told = of(accepted);
            return told != null && fits.test(told) ? told : null;
        };
    }

    /// The same; what it tells is handed on as well.
    default OriginalDestination noting(Consumer<InetSocketAddress> listener) {
        return accepted -> {
            InetSocketAddress told = of(accepted);
            if (told != null) {
                listener.accept(told);
            }
            return told;
        };
    }

    /// The same, or what `other` tells where this one does not.
    default OriginalDestination orElse(OriginalDestination other) {
        return accepted -> {
            InetSocketAddress told = of(accepted);
            return told == null ? other.of(accepted) : told;
        };
    }
}
