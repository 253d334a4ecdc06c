package dev.ebb.proxy.transport;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/// Where an accepted connection wants to go, as far as the connection itself tells.
@FunctionalInterface
public interface OriginalDestination {

    /// The address, null if the connection does not tell: then the request has to. Called on the
    /// connection's event loop, once, before anything is read.
    @Nullable InetSocketAddress of(Channel accepted);

    /// Without traffic redirection an outbound connection only tells the proxy's own address.
    static OriginalDestination untold() {
        return accepted -> null;
    }

    /// Without traffic redirection an inbound connection wants the one application.
    static OriginalDestination fixed(InetSocketAddress address) {
        return accepted -> address;
    }
}
