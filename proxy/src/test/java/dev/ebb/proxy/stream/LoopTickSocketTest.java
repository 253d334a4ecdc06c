package dev.ebb.proxy.stream;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// The clock on a loop with real sockets that stands still.
class LoopTickSocketTest {

    private static final Duration STEP = Duration.ofMillis(10);
    private static final Duration DELAY = Duration.ofMillis(50);
    private static final byte STOP = 's';
    private static final byte ARRIVAL = 'a';

    private final EventLoopGroup loop =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final LoopTick tick = new LoopTick(loop.next(), STEP);
    private final Queue<String> seen = new ConcurrentLinkedQueue<>();
    private final Semaphore known = new Semaphore(0);
    private final CountDownLatch standing = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final CountDownLatch both = new CountDownLatch(2);
    private InetSocketAddress address = new InetSocketAddress(0);

    @BeforeEach
    void listen() throws InterruptedException {
        Channel server =
                new ServerBootstrap()
                        .group(loop)
                        .channel(NioServerSocketChannel.class)
                        .childHandler(
                                new ChannelInitializer<>() {
                                    @Override
                                    protected void initChannel(Channel channel) {
                                        channel.pipeline().addLast(new Reader());
                                    }
                                })
                        .bind(InetAddress.getLoopbackAddress(), 0)
                        .sync()
                        .channel();
        address = (InetSocketAddress) server.localAddress();
    }

    @AfterEach
    void close() {
        go.countDown();
        loop.shutdownGracefully(0, 1, TimeUnit.SECONDS).syncUninterruptibly();
    }

    @Test
    void whatArrivedWhileTheLoopStoodStillIsReadBeforeItIsTimedOut() throws Exception {
        try (Socket stopping = connected();
                Socket arriving = connected()) {
            stopping.getOutputStream().write(STOP);
            standing.await();
            arriving.getOutputStream().write(ARRIVAL);
            // The time-out has been due for many steps.
            LockSupport.parkNanos(DELAY.multipliedBy(4).toNanos());
            go.countDown();

            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(seen).containsExactly("arrival", "time-out");
    }

    /// Returns once the loop knows the connection.
    private Socket connected() throws IOException, InterruptedException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        known.acquire();
        return socket;
    }

    private final class Reader extends SimpleChannelInboundHandler<ByteBuf> {
        @Override
        public void channelActive(ChannelHandlerContext context) {
            known.release();
        }

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes)
                throws InterruptedException {
            if (bytes.readByte() == STOP) {
                tick.after(DELAY, () -> see("time-out"));
                standing.countDown();
                // As a loop that is given no processor, in the middle of what it does.
                go.await();
            } else {
                see("arrival");
            }
        }

        private void see(String what) {
            seen.add(what);
            both.countDown();
        }
    }
}
