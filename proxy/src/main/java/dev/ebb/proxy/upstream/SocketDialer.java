package dev.ebb.proxy.upstream;

import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.transport.Transport;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Opens sockets, but never to one of this process's own listeners.
public final class SocketDialer implements Dialer {

    /// Only there because a bootstrap wants a handler; it has nothing to do.
    @ChannelHandler.Sharable
    private static final class Nothing extends ChannelInboundHandlerAdapter {}

    private static final ChannelHandler NOTHING = new Nothing();

    private final Transport transport;
    private final EventLoop loop;
    private final Duration timeout;
    private final OwnListeners forbidden;

    /// @param loop where all connections live
    /// @param timeout for the TCP handshake
    /// @param forbidden is never connected to
    SocketDialer(Transport transport, EventLoop loop, Duration timeout, OwnListeners forbidden) {
        this.transport = transport;
        this.loop = loop;
        this.timeout = timeout;
        this.forbidden = forbidden;
    }

    /// One for each of the transport's loops.
    public static PerLoop<Dialer> perLoop(
            Transport transport, Duration timeout, OwnListeners forbidden) {
        return new PerLoop<>(
                transport.loops(), loop -> new SocketDialer(transport, loop, timeout, forbidden));
    }

    @Override
    public Dial dial(InetSocketAddress address, Listener listener) {
        if (forbidden.isOwn(address)) {
            String detail = address + " is one of this proxy's own listeners";
            listener.failed(new AcquireFailure(AcquireFailure.Reason.OWN_LISTENER, detail));
            return () -> {};
        }
        SocketDial dial = new SocketDial(listener);
        dial.start(address);
        return dial;
    }

    private final class SocketDial implements Dial {

        private final Listener listener;
        private @Nullable ChannelFuture connecting;
        private boolean cancelled;

        SocketDial(Listener listener) {
            this.listener = listener;
        }

        void start(InetSocketAddress address) {
            ChannelFuture future = transport.connect(loop, address, timeout, NOTHING);
            connecting = future;
            // Runs before the channel becomes active, so that nothing is read before the listener
            // has put its handlers in.
            future.addListener(_ -> completed(future, address));
        }

        private void completed(ChannelFuture future, InetSocketAddress address) {
            if (cancelled) {
                var _ = future.channel().close();
                return;
            }
            Throwable cause = future.cause();
            if (cause == null) {
                listener.connected(future.channel());
                return;
            }
            AcquireFailure.Reason reason =
                    cause instanceof ConnectTimeoutException
                            ? AcquireFailure.Reason.CONNECT_TIMEOUT
                            : AcquireFailure.Reason.CONNECT_FAILED;
            listener.failed(new AcquireFailure(reason, address + ": " + cause.getMessage()));
        }

        @Override
        public void cancel() {
            cancelled = true;
            if (connecting != null && !connecting.isDone()) {
                var _ = connecting.channel().close();
            }
        }
    }
}
