package dev.ebb.proxy.transport;

import dev.ebb.env.AddressText;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// The sockets of one process: its event loops, listeners and outgoing connections.
///
/// A connection that is opened for another one lives on that one's event loop. All channels allow
/// half-closure. Thread-safe.
public final class Transport {

    /// The kernel caps it by `net.core.somaxconn`; a burst of reconnecting clients must fit in.
    private static final int BACKLOG = 4096;

    // Chunks of 64 KiB (page size << order) without heap arenas: the same CPU as the default
    // allocator and a third less memory after load (docs/performance.md).
    private static final int PAGE_SIZE = 8192;
    private static final int MAX_ORDER = 3;

    private final Sockets sockets;
    private final EventLoopGroup loops;
    private final ByteBufAllocator allocator;

    private Transport(Sockets sockets, int workers) {
        this.sockets = sockets;
        loops =
                new MultiThreadIoEventLoopGroup(
                        workers, new DefaultThreadFactory("ebb-loop"), sockets.ioHandlers());
        allocator =
                new PooledByteBufAllocator(
                        true,
                        0,
                        Math.max(2, workers),
                        PAGE_SIZE,
                        MAX_ORDER,
                        PooledByteBufAllocator.defaultSmallCacheSize(),
                        PooledByteBufAllocator.defaultNormalCacheSize(),
                        false);
    }

    /// Starts the event loops.
    ///
    /// @param workers how many; at least 1
    /// @throws IllegalStateException if the wanted transport does not work here; names the reason
    public static Transport open(TransportKind kind, int workers) {
        return new Transport(choose(kind), workers);
    }

    private static Sockets choose(TransportKind kind) {
        return switch (kind) {
            case AUTO -> Epoll.isAvailable() ? Sockets.EPOLL : Sockets.NIO;
            case NIO -> Sockets.NIO;
            case EPOLL -> {
                if (!Epoll.isAvailable()) {
                    throw new IllegalStateException(
                            "transport: epoll (expected: auto or nio, since epoll does not work here)",
                            Epoll.unavailabilityCause());
                }
                yield Sockets.EPOLL;
            }
        };
    }

    /// `epoll` or `nio`.
    public String name() {
        return sockets.label();
    }

    /// Whether [#redirected] ever tells: that takes epoll.
    public boolean canTellRedirected() {
        return sockets.equals(Sockets.EPOLL);
    }

    /// Tells where redirected connections wanted to go.
    public OriginalDestination redirected() {
        return sockets.redirected();
    }

    /// The event loops.
    public EventLoopGroup loops() {
        return loops;
    }

    /// Starts one event loop more, for what is not traffic. Whoever asks for it closes it.
    public EventLoopGroup newLoop(String name) {
        return new MultiThreadIoEventLoopGroup(
                1, new DefaultThreadFactory(name), sockets.ioHandlers());
    }

    /// The channels that fit these loops.
    public Class<? extends SocketChannel> channelType() {
        return sockets.channel();
    }

    /// Opens a listener; blocks until it is bound, so not for use on an event loop.
    ///
    /// @param accepted is added to the pipeline of every accepted connection
    /// @throws IOException names the address and the reason
    public Channel bind(InetSocketAddress address, ChannelHandler accepted) throws IOException {
        ChannelFuture bound =
                new ServerBootstrap()
                        .group(loops)
                        .channel(sockets.serverChannel())
                        .option(ChannelOption.SO_BACKLOG, BACKLOG)
                        .option(ChannelOption.SO_REUSEADDR, true)
                        .childOption(ChannelOption.ALLOCATOR, allocator)
                        .childOption(ChannelOption.TCP_NODELAY, true)
                        .childOption(ChannelOption.SO_KEEPALIVE, true)
                        .childOption(ChannelOption.ALLOW_HALF_CLOSURE, true)
                        .childHandler(accepted)
                        .bind(address)
                        .awaitUninterruptibly();
        Throwable cause = bound.cause();
        if (cause != null) {
            BindException failure =
                    new BindException(AddressText.format(address) + ": " + cause.getMessage());
            failure.initCause(cause);
            throw failure;
        }
        return bound.channel();
    }

    /// Starts to connect on `loop`, for as long as the kernel tries: it is for the caller to close
    /// the channel before, by a clock that does not run out while the loop stands still.
    ///
    /// @param handler the new connection's only handler
    public ChannelFuture connect(
            EventLoop loop, InetSocketAddress address, ChannelHandler handler) {
        return new Bootstrap()
                .group(loop)
                .channel(sockets.channel())
                .option(ChannelOption.ALLOCATOR, allocator)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, 0)
                .handler(handler)
                .connect(address);
    }

    /// Closes what is still open and stops the event loops, within `limit`. Must come before the
    /// process exits: the JVM waits for threads that sit in native code (measured: 350 ms).
    public Future<?> close(Duration limit) {
        return loops.shutdownGracefully(0, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    /// One way to have sockets.
    private record Sockets(
            String label,
            IoHandlerFactory ioHandlers,
            Class<? extends ServerChannel> serverChannel,
            Class<? extends SocketChannel> channel,
            OriginalDestination redirected) {

        static final Sockets NIO =
                new Sockets(
                        "nio",
                        NioIoHandler.newFactory(),
                        NioServerSocketChannel.class,
                        NioSocketChannel.class,
                        OriginalDestination.untold());
        static final Sockets EPOLL =
                new Sockets(
                        "epoll",
                        RearmingEpoll.newFactory(),
                        EpollServerSocketChannel.class,
                        EpollSocketChannel.class,
                        new RedirectedDestination());
    }
}
