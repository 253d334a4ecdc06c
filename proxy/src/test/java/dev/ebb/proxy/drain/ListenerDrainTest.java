package dev.ebb.proxy.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerDrainTest {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

    @AfterEach
    void close() {
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    // D26
    @Test
    void connectionsInTheAcceptQueueAreServedBeforeThePortCloses() throws Exception {
        Channel listener = listen();
        CountDownLatch busy = new CountDownLatch(1);
        group.next().execute(() -> awaitQuietly(busy));
        List<Socket> clients = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            clients.add(connect(listener));
        }

        var stopped = ListenerDrain.stop(listener);
        busy.countDown();
        stopped.toCompletableFuture().get(10, TimeUnit.SECONDS);

        for (Socket client : clients) {
            assertThat(client.getInputStream().read()).isEqualTo('!');
            client.close();
        }
        assertThatThrownBy(() -> connect(listener)).isInstanceOf(ConnectException.class);
    }

    @Test
    void quietListenerClosesAtOnce() throws Exception {
        Channel listener = listen();

        ListenerDrain.stop(listener).toCompletableFuture().get(1, TimeUnit.SECONDS);

        assertThat(listener.isOpen()).isFalse();
    }

    @Test
    void listenerThatIsClosedAlreadyIsStopped() throws Exception {
        Channel listener = listen();
        listener.close().syncUninterruptibly();

        ListenerDrain.stop(listener).toCompletableFuture().get(1, TimeUnit.SECONDS);

        assertThat(listener.isOpen()).isFalse();
    }

    private Channel listen() {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                channel.pipeline().addLast(new Greeter());
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private static Socket connect(Channel listener) throws IOException {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(10_000);
        return socket;
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
        }
    }

    private static final class Greeter extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'!'}), ctx.voidPromise());
        }
    }
}
