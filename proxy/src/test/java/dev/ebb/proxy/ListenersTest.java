package dev.ebb.proxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.testing.Until;
import dev.ebb.proxy.transport.Transport;
import dev.ebb.proxy.transport.TransportKind;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler.Sharable;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class ListenersTest {

    private final AtomicInteger greeted = new AtomicInteger();
    private Transport transport = Transport.open(TransportKind.NIO, 1);

    @AfterEach
    void close() {
        transport.close(Duration.ofSeconds(5)).syncUninterruptibly();
    }

    // D26
    @ParameterizedTest
    @EnumSource(names = {"NIO", "EPOLL"})
    void connectionsThatWaitAtTheLimitAreServedBeforeThePortCloses(TransportKind kind)
            throws Exception {
        close();
        transport = Transport.open(kind, 1);
        Listeners listeners =
                new Listeners(transport, 1, new ProxyMetrics("test", transport.name(), 0));
        listeners.open(Listeners.Kind.INBOUND, loopback(), new Greeter());
        InetSocketAddress address = listeners.addresses(Listeners.Kind.INBOUND).getFirst();
        List<Socket> clients = new ArrayList<>();
        clients.add(connect(address));
        Until.holds(() -> "the limit", () -> greeted.get() == 1);
        for (int i = 0; i < 50; i++) {
            clients.add(connect(address));
        }

        listeners.stop().toCompletableFuture().get(10, TimeUnit.SECONDS);

        for (Socket client : clients) {
            assertThat(client.getInputStream().read()).isEqualTo('!');
            client.close();
        }
        assertThatThrownBy(() -> connect(address)).isInstanceOf(ConnectException.class);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    private static Socket connect(InetSocketAddress address) throws IOException {
        Socket socket = new Socket(address.getAddress(), address.getPort());
        socket.setSoTimeout(10_000);
        return socket;
    }

    @Sharable
    private final class Greeter extends ChannelInboundHandlerAdapter {

        @Override
        public void channelActive(ChannelHandlerContext ctx) {
            greeted.incrementAndGet();
            var _ = ctx.writeAndFlush(Unpooled.wrappedBuffer(new byte[] {'!'}), ctx.voidPromise());
        }
    }
}
