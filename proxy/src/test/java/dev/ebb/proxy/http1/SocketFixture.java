package dev.ebb.proxy.http1;

import static dev.ebb.proxy.http1.ClientFixture.bytes;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.testing.RecordedExchange;
import dev.ebb.proxy.testing.Until;
import dev.ebb.proxy.transport.Transport;
import dev.ebb.proxy.transport.TransportKind;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Both adapters on one event loop with real sockets.
final class SocketFixture implements AutoCloseable, ClientConnection.Owner {

    /// The transports of the product.
    enum Kind {
        NIO(TransportKind.NIO),
        EPOLL(TransportKind.EPOLL);

        private final TransportKind transport;

        Kind(TransportKind transport) {
            this.transport = transport;
        }
    }

    final List<RecordedExchange> exchanges = new CopyOnWriteArrayList<>();
    final AtomicInteger unavailable = new AtomicInteger();
    volatile Consumer<RecordedExchange> onRequest = _ -> {};

    private final Transport transport;
    private final EventLoop loop;
    private final DrainSignal drain;
    private final LoopDrain loopDrain;
    private final Channel listener;
    private volatile @Nullable ClientConnection connection;

    SocketFixture(Kind kind) {
        transport = Transport.open(kind.transport, 1);
        loop = transport.loops().next();
        drain = new DrainSignal(loop);
        loopDrain = new LoopDrain(loop, drain.watch());
        LoopTick tick = new LoopTick(loop, Duration.ofMillis(10));
        Http1ServerPipeline pipeline =
                new Http1ServerPipeline(
                        Http1Limits.DEFAULTS, tick, loopDrain, ServerFixture.HEADS, _ -> {});
        try {
            listener =
                    transport.bind(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                            new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel channel) {
                                    pipeline.addTo(channel.pipeline(), SocketFixture.this::take);
                                }
                            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Socket connect() throws IOException {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        return socket;
    }

    void beginDrain() {
        var _ = drain.begin(Duration.ofMinutes(1));
    }

    /// The grace has ended; returns when everything has been cut.
    void cut() {
        loopDrain.cut().toCompletableFuture().join();
    }

    boolean isDrained() {
        return drain.held() == 0;
    }

    void onLoop(Runnable action) {
        loop.submit(action).syncUninterruptibly();
    }

    /// Connects and sends a request without a body.
    RecordedResponse get(int port) {
        dial(port);
        return getAgain();
    }

    RecordedResponse getAgain() {
        return open(ClientFixture.head(HttpMethod.GET, "/", 0));
    }

    /// Connects and sends the head of a request with a body.
    RecordedResponse post(int port, long length) {
        dial(port);
        return open(ClientFixture.head(HttpMethod.POST, "/", length));
    }

    /// Sends a body as fast as the connection takes it until the response has ended.
    void sendUntilEnded(RecordedResponse response) {
        ClientStream stream = response.stream();
        Until.holds(
                () -> "end of " + response.events,
                () -> {
                    onLoop(() -> {
                        if (stream.isWritable()) {
                            stream.data(bytes("x".repeat(64_000)));
                        }
                    });
                    return !response.events.isEmpty()
                            && (response.events.getLast().startsWith("end")
                                    || response.events.getLast().startsWith("reset"));
                });
    }

    @Override
    public void available(ClientConnection connection) {}

    @Override
    public void unavailable(ClientConnection connection) {
        unavailable.incrementAndGet();
    }

    @Override
    public void close() {
        transport.close(Duration.ofSeconds(5)).syncUninterruptibly();
    }

    private RecordedExchange take(RequestHead head, ServerStream stream) {
        RecordedExchange exchange = new RecordedExchange(head, stream);
        exchanges.add(exchange);
        onRequest.accept(exchange);
        return exchange;
    }

    private RecordedResponse open(RequestHead head) {
        RecordedResponse response = new RecordedResponse();
        ClientConnection open = connection;
        if (open == null) {
            throw new AssertionError("connection: none (expected: dialled)");
        }
        onLoop(() -> response.stream = open.open(head, response));
        return response;
    }

    private void dial(int port) {
        new Bootstrap()
                .group(loop)
                .channel(transport.channelType())
                .option(ChannelOption.ALLOW_HALF_CLOSURE, true)
                .handler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                connection =
                                        new Http1ClientPipeline(Http1Limits.DEFAULTS)
                                                .addTo(channel.pipeline(), SocketFixture.this);
                            }
                        })
                .connect(InetAddress.getLoopbackAddress(), port)
                .syncUninterruptibly();
    }
}
