package dev.ebb.proxy.upstream;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;

/// Opens connections on one event loop.
@FunctionalInterface
public interface Dialer {

    /// Starts to connect; exactly one call of `listener` follows, possibly before this returns,
    /// unless the attempt is cancelled.
    Dial dial(InetSocketAddress address, Listener listener);

    /// One attempt to connect.
    @FunctionalInterface
    interface Dial {
        /// Gives the attempt up; the listener is not called any more. Idempotent.
        void cancel();
    }

    /// Who waits for one connection. Called on the event loop.
    interface Listener {

        /// The connection stands, with an empty pipeline and before anything was read. Whoever is
        /// called owns it.
        void connected(Channel channel);

        /// There is no connection.
        void failed(AcquireFailure failure);
    }
}
