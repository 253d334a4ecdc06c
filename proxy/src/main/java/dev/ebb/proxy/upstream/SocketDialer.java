package dev.ebb.proxy.upstream;

import dev.ebb.proxy.stream.AwakeTimeout;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.transport.Transport;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInboundHandlerAdapter;
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
    private final LoopTick tick;
    private final Duration timeout;
    private final OwnListeners forbidden;

    /// @param loop where all connections live
    /// @param tick of the loop
    /// @param timeout for the TCP handshake, in time that the loop is awake
    /// @param forbidden is never connected to
    SocketDialer(
            Transport transport,
            EventLoop loop,
            LoopTick tick,
            Duration timeout,
            OwnListeners forbidden) {
        this.transport = transport;
        this.loop = loop;
        this.tick = tick;
        this.timeout = timeout;
        this.forbidden = forbidden;
    }

    /// One for each of the transport's loops.
    public static PerLoop<Dialer> perLoop(
            Transport transport,
            PerLoop<LoopTick> ticks,
            Duration timeout,
            OwnListeners forbidden) {
        return ticks.map(
                (loop, tick) -> new SocketDialer(transport, loop, tick, timeout, forbidden));
    }

    @Override
    public Dial dial(InetSocketAddress address, Listener listener) {
        if (forbidden.isOwn(address)) {
            String detail = address + " is one of this proxy's own listeners";
            listener.failed(new AcquireFailure(AcquireFailure.Reason.OWN_LISTENER, detail));
            return () -> {};
        }
        SocketDial dial = new SocketDial(address, listener);
        dial.start();
        return dial;
    }

    private final class SocketDial implements Dial {

        private final InetSocketAddress address;
        private final Listener listener;
        private final ChannelFuture connecting;
        private final AwakeTimeout timeOut;
        private boolean over;

        SocketDial(InetSocketAddress address, Listener listener) {
            this.address = address;
            this.listener = listener;
            connecting = transport.connect(loop, address, NOTHING);
            timeOut = AwakeTimeout.after(tick, timeout, this::timedOut);
        }

        void start() {
            // Runs before the channel becomes active, so that nothing is read before the listener
            // has put its handlers in.
            connecting.addListener(_ -> completed());
        }

        private void completed() {
            if (over) {
                var _ = connecting.channel().close();
                return;
            }
            end();
            Throwable cause = connecting.cause();
            if (cause == null) {
                listener.connected(connecting.channel());
            } else {
                fail(AcquireFailure.Reason.CONNECT_FAILED, cause.getMessage());
            }
        }

        private void timedOut() {
            cancel();
            fail(
                    AcquireFailure.Reason.CONNECT_TIMEOUT,
                    "no connection within %d ms".formatted(timeout.toMillis()));
        }

        private void fail(AcquireFailure.Reason reason, @Nullable String why) {
            listener.failed(new AcquireFailure(reason, address + ": " + why));
        }

        @Override
        public void cancel() {
            end();
            if (!connecting.isDone()) {
                var _ = connecting.channel().close();
            }
        }

        private void end() {
            over = true;
            timeOut.cancel();
        }
    }
}
