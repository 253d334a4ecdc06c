package dev.ebb.proxy.opaque;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.ebb.drain.DrainSignal;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.testing.Until;
import io.netty.bootstrap.Bootstrap;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The relay between real sockets: order, half-close, reset, back-pressure.
@Timeout(60)
class OpaqueSocketTest {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
    private final DrainSignal drain = new DrainSignal(group.next());
    private final LoopDrain loopDrain = new LoopDrain(group.next(), drain.watch());
    private final List<OpaqueEnd> ended = new CopyOnWriteArrayList<>();
    private final ServerSocket origin = listen();
    private final Channel listener = accept();

    private Socket client = new Socket();
    private Socket server = new Socket();

    @BeforeEach
    void connect() throws IOException {
        int port = ((InetSocketAddress) listener.localAddress()).getPort();
        client = new Socket(InetAddress.getLoopbackAddress(), port);
        client.setSoTimeout(20_000);
        client.getOutputStream().write('>');
        server = origin.accept();
        server.setSoTimeout(20_000);
        assertThat(server.getInputStream().read()).isEqualTo('>');
    }

    @AfterEach
    void close() throws IOException {
        client.close();
        server.close();
        origin.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).syncUninterruptibly();
    }

    // D24
    @Test
    void eachDirectionEndsByItselfBehindAllItsBytes() throws Exception {
        client.getOutputStream().write("question".getBytes(StandardCharsets.US_ASCII));
        client.shutdownOutput();
        assertThat(server.getInputStream().readAllBytes()).asString().isEqualTo("question");

        server.getOutputStream().write("a late answer".getBytes(StandardCharsets.US_ASCII));
        server.shutdownOutput();

        assertThat(client.getInputStream().readAllBytes()).asString().isEqualTo("a late answer");
        Until.holds(() -> "end", () -> !ended.isEmpty());
        assertThat(ended).containsExactly(new OpaqueEnd(OpaqueEnd.Kind.ENDED, 9, 13));
    }

    @Test
    void resetOfTheServerIsSeenAsResetByTheClient() throws Exception {
        server.setSoLinger(true, 0);
        server.close();

        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        Until.holds(() -> "end", () -> !ended.isEmpty());
        assertThat(ended)
                .extracting(OpaqueEnd::kind)
                .containsExactly(OpaqueEnd.Kind.UPSTREAM_RESET);
    }

    @Test
    void resetOfTheClientIsSeenAsResetByTheServer() throws Exception {
        client.setSoLinger(true, 0);
        client.close();

        assertThatThrownBy(() -> server.getInputStream().read())
                .isInstanceOf(SocketException.class)
                .hasMessageContaining("reset");
        Until.holds(() -> "end", () -> !ended.isEmpty());
        assertThat(ended)
                .extracting(OpaqueEnd::kind)
                .containsExactly(OpaqueEnd.Kind.DOWNSTREAM_RESET);
    }

    @Test
    void manyBytesArriveUnchangedThroughAReaderThatStopsAndGoes() throws Exception {
        byte[] sent = new byte[20_000_000];
        new Random(3).nextBytes(sent);
        FutureTask<Void> writing =
                new FutureTask<>(() -> {
                    OutputStream out = client.getOutputStream();
                    out.write(sent);
                    client.shutdownOutput();
                    return null;
                });
        Thread.ofVirtual().start(writing);

        byte[] begin = server.getInputStream().readNBytes(1_000);
        assertThat(writing.isDone()).isFalse();
        byte[] rest = server.getInputStream().readAllBytes();

        writing.get();
        assertThat(Arrays.equals(begin, 0, 1_000, sent, 0, 1_000)).isTrue();
        assertThat(Arrays.equals(rest, 0, rest.length, sent, 1_000, sent.length)).isTrue();
    }

    // D24
    @Test
    void connectionThatNeitherSideEndsHoldsTheDrainUntilItIsCut() throws Exception {
        var _ = drain.begin(Duration.ofMinutes(1));
        client.getOutputStream().write('x');
        assertThat(server.getInputStream().read()).isEqualTo('x');
        Until.holds(() -> "lease", () -> drain.holders().toString().contains("opaque connection"));

        loopDrain.cut().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThatThrownBy(() -> client.getInputStream().read())
                .isInstanceOf(SocketException.class);
        assertThatThrownBy(() -> server.getInputStream().read())
                .isInstanceOf(SocketException.class);
        Until.holds(() -> "drained", () -> drain.held() == 0);
    }

    private Channel accept() {
        return new ServerBootstrap()
                .group(group)
                .channel(NioServerSocketChannel.class)
                .childHandler(
                        new ChannelInitializer<Channel>() {
                            @Override
                            protected void initChannel(Channel channel) {
                                OpaqueRelay relay = new OpaqueRelay(loopDrain, ended::add);
                                channel.pipeline().addLast(relay.downstream());
                                dial(channel, relay);
                            }
                        })
                .bind(InetAddress.getLoopbackAddress(), 0)
                .syncUninterruptibly()
                .channel();
    }

    private void dial(Channel downstream, OpaqueRelay relay) {
        ChannelFuture connected =
                new Bootstrap()
                        .group(downstream.eventLoop())
                        .channel(NioSocketChannel.class)
                        .option(ChannelOption.AUTO_READ, false)
                        .handler(new ChannelInboundHandlerAdapter())
                        .connect(InetAddress.getLoopbackAddress(), origin.getLocalPort());
        ChannelFutureListener relaying =
                done -> {
                    done.channel().pipeline().addLast(relay.upstream());
                    done.channel().config().setAutoRead(true);
                };
        var _ = connected.addListener(relaying);
    }

    private static ServerSocket listen() {
        try {
            return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException e) {
            throw new AssertionError("listen: " + e + " (expected: bound)", e);
        }
    }
}
