package dev.ebb.proxy.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.Transport;
import dev.ebb.proxy.transport.TransportKind;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Connections of a loop that stands still.
final class SocketDialerTest {

    /// The kernel sends a SYN again after one second, and after two more (RFC 6298, 2.1 and 5.5).
    private static final Duration TIMEOUT = Duration.ofMillis(3500);

    private static final Duration STANDSTILL = TIMEOUT.plusMillis(500);

    private static final byte DIAL = 'd';
    private static final byte STAND_STILL = 's';

    private final Transport transport = Transport.open(TransportKind.AUTO, 1);
    private final EventLoop loop = transport.loops().next();
    private final FullListener server = new FullListener();
    private final CountDownLatch dialing = new CountDownLatch(1);
    private final CompletableFuture<String> outcome = new CompletableFuture<>();

    SocketDialerTest() throws IOException {}

    @AfterEach
    void close() throws IOException {
        server.close();
        transport.close(Duration.ofSeconds(5)).awaitUninterruptibly();
    }

    /// The first SYN finds a full queue, a later one does not: the connection stands before its
    /// time-out, and the loop does not know yet.
    @Test
    void connectionThatWasMadeWhileTheLoopStoodStillIsNotTimedOut() throws Exception {
        InetSocketAddress trigger =
                (InetSocketAddress)
                        transport
                                .bind(
                                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                                        new Commands())
                                .localAddress();

        try (Socket socket = new Socket(trigger.getAddress(), trigger.getPort())) {
            socket.getOutputStream().write(DIAL);
            dialing.await();
            socket.getOutputStream().write(STAND_STILL);

            assertThat(outcome.get(10, TimeUnit.SECONDS)).isEqualTo("connected");
        }
    }

    /// The handshake begins when the loop goes on, and ends with the second SYN.
    @Test
    void connectionThatBeginsBehindAStandstillHasItsTime() throws Exception {
        var _ =
                loop.submit(() -> {
                    dial();
                    loop.execute(server::accept);
                    standStill();
                    return null;
                });

        assertThat(outcome.get(20, TimeUnit.SECONDS)).isEqualTo("connected");
    }

    private static void standStill() {
        LockSupport.parkNanos(STANDSTILL.toNanos());
    }

    /// One of them a read: when the loop stands still in it, its timers come before it looks at its
    /// sockets again.
    private final class Commands extends SimpleChannelInboundHandler<ByteBuf> {

        @Override
        protected void channelRead0(ChannelHandlerContext context, ByteBuf bytes)
                throws IOException {
            if (bytes.readByte() == DIAL) {
                dial();
                loop.execute(dialing::countDown);
            } else {
                server.accept();
                standStill();
            }
        }
    }

    private void dial() throws IOException {
        Dialer dialer =
                new SocketDialer(
                        transport,
                        loop,
                        new LoopTick(loop, Duration.ofMillis(20)),
                        TIMEOUT,
                        OwnListeners.ofThisMachine());
        var _ =
                dialer.dial(
                        server.address(),
                        new Dialer.Listener() {
                            @Override
                            public void connected(Channel channel) {
                                outcome.complete("connected");
                            }

                            @Override
                            public void failed(AcquireFailure failure) {
                                outcome.complete(failure.toString());
                            }
                        });
    }
}
