package dev.ebb.proxy.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Real sockets on loopback.
final class TransportTest {

    private static final Duration LIMIT = Duration.ofSeconds(5);
    private static final InetSocketAddress ANY_PORT =
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

    @ParameterizedTest
    @EnumSource(TransportKind.class)
    void acceptsAndAnswersWithEveryKind(TransportKind kind) throws IOException {
        try (Running running = new Running(kind, 2)) {
            InetSocketAddress bound = running.listen(new Greeter());

            String greeting = read(bound);

            assertThat(greeting).isEqualTo("hello");
        }
    }

    @Test
    void autoPrefersEpollWhereItWorks() {
        try (Running auto = new Running(TransportKind.AUTO, 1)) {
            assertThat(auto.transport.name()).isEqualTo(Epoll.isAvailable() ? "epoll" : "nio");
        }
    }

    @Test
    void portInUseIsNamed() throws IOException {
        try (Running running = new Running(TransportKind.AUTO, 1)) {
            InetSocketAddress bound = running.listen(new Greeter());

            assertThatThrownBy(() -> running.listen(bound, new Greeter()))
                    .isInstanceOf(BindException.class)
                    .hasMessageStartingWith("127.0.0.1:" + bound.getPort() + ": ");
        }
    }

    @Test
    void connectionsAreSpreadOverTheLoops() throws IOException {
        Set<EventLoop> used = ConcurrentHashMap.newKeySet();
        try (Running running = new Running(TransportKind.AUTO, 2)) {
            InetSocketAddress bound =
                    running.listen(
                            new ChannelInitializer<Channel>() {
                                @Override
                                protected void initChannel(Channel channel) {
                                    used.add(channel.eventLoop());
                                    channel.pipeline().addLast(new Greeter());
                                }
                            });

            read(bound);
            read(bound);

            assertThat(used).hasSize(2);
        }
    }

    @Test
    void connectionIsOpenedOnTheGivenLoop() throws Exception {
        try (Running running = new Running(TransportKind.AUTO, 2)) {
            InetSocketAddress bound = running.listen(new Greeter());
            EventLoop loop = running.transport.loops().next();
            BlockingQueue<String> received = new LinkedBlockingQueue<>();

            Channel channel =
                    running.transport
                            .connect(loop, bound, new Collector(received))
                            .sync()
                            .channel();

            assertThat(channel.eventLoop()).isSameAs(loop);
            assertThat(received.poll(5, TimeUnit.SECONDS)).isEqualTo("hello");
        }
    }

    /// epoll tells of the peer's half-close even while it is not read from, and then waits for
    /// nothing: what RearmingEpoll is for.
    @Test
    void peerThatHasHalfClosedGetsALongAnswer() throws IOException {
        assumeTrue(Epoll.isAvailable(), "epoll");
        try (Running running = new Running(TransportKind.EPOLL, 1)) {
            InetSocketAddress bound = running.listen(new LongAnswer());

            try (Socket socket = new Socket(bound.getAddress(), bound.getPort());
                    InputStream in = socket.getInputStream()) {
                socket.setSoTimeout((int) LIMIT.toMillis());
                socket.getOutputStream().write('x');
                socket.shutdownOutput();

                assertThat(in.readAllBytes()).hasSize(LongAnswer.LENGTH);
            }
        }
    }

    private static String read(InetSocketAddress address) throws IOException {
        try (Socket socket = new Socket(address.getAddress(), address.getPort());
                InputStream in = socket.getInputStream()) {
            socket.setSoTimeout((int) LIMIT.toMillis());
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII);
        }
    }

    /// A transport that is closed with the test.
    private static final class Running implements AutoCloseable {

        final Transport transport;

        Running(TransportKind kind, int workers) {
            transport = Transport.open(kind, workers);
        }

        InetSocketAddress listen(ChannelHandler accepted) throws IOException {
            return listen(ANY_PORT, accepted);
        }

        InetSocketAddress listen(InetSocketAddress address, ChannelHandler accepted)
                throws IOException {
            return (InetSocketAddress) transport.bind(address, accepted).localAddress();
        }

        @Override
        public void close() {
            assertThat(transport.close(LIMIT).awaitUninterruptibly(LIMIT.toMillis())).isTrue();
        }
    }

    /// Says hello and closes.
    @ChannelHandler.Sharable
    private static final class Greeter extends ChannelInboundHandlerAdapter {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            ByteBuf hello = Unpooled.copiedBuffer("hello", StandardCharsets.US_ASCII);
            var _ = context.writeAndFlush(hello).addListener(ChannelFutureListener.CLOSE);
        }
    }

    /// Reads once, and answers with more than any socket's buffer takes when the peer has
    /// half-closed.
    @ChannelHandler.Sharable
    private static final class LongAnswer extends ChannelInboundHandlerAdapter {

        static final int LENGTH = 32 << 20;

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ((ByteBuf) message).release();
            context.channel().config().setAutoRead(false);
        }

        @Override
        public void userEventTriggered(ChannelHandlerContext context, Object event) {
            if (event instanceof ChannelInputShutdownEvent) {
                context.channel().eventLoop().execute(() -> answer(context));
            }
        }

        private static void answer(ChannelHandlerContext context) {
            context.channel().config().setAutoRead(true);
            var _ =
                    context.writeAndFlush(Unpooled.wrappedBuffer(new byte[LENGTH]))
                            .addListener(ChannelFutureListener.CLOSE);
        }
    }

    private static final class Collector extends ChannelInboundHandlerAdapter {

        private final BlockingQueue<String> received;

        Collector(BlockingQueue<String> received) {
            this.received = received;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object message) {
            ByteBuf bytes = (ByteBuf) message;
            received.add(bytes.toString(StandardCharsets.US_ASCII));
            bytes.release();
        }
    }
}
