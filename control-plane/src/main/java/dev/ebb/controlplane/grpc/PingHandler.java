package dev.ebb.controlplane.grpc;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/// Sends an HTTP/2 PING every second and closes a connection that has been silent for three.
///
/// gRPC's own keepalive goes no lower than ten seconds. Silence is counted in ticks of the event
/// loop, which reads what has arrived between any two of them: so a process that was suspended
/// itself finds what its peers have answered meanwhile before it judges them.
///
/// Stands next to the socket. PINGs are written from the event loop between whole frames of the
/// HTTP/2 handler, which writes each frame within one task. Belongs to one connection and its event
/// loop.
final class PingHandler extends ChannelInboundHandlerAdapter {
    private static final Duration TICK = Duration.ofMillis(250);
    private static final int TICKS_PER_PING = 4;

    /// Three seconds and one tick: the first may follow the last sign of life at once.
    private static final int TICKS_UNTIL_DEAD = 13;

    /// RFC 9113 section 6.7: length 8, type 6, no flags, stream 0. The payload is the one that gRPC
    /// gives its own keepalive, so that it expects the answer.
    private static final byte[] PING = {
        0, 0, 8, 6, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte) 0xde, (byte) 0xad
    };

    private @Nullable ScheduledFuture<?> ticking;
    private int ticks;
    private int silentTicks;

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        ticking =
                context.executor()
                        .scheduleWithFixedDelay(
                                () -> tick(context),
                                TICK.toMillis(),
                                TICK.toMillis(),
                                TimeUnit.MILLISECONDS);
        super.channelActive(context);
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) throws Exception {
        silentTicks = 0;
        super.channelRead(context, message);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) throws Exception {
        ScheduledFuture<?> running = ticking;
        if (running != null) {
            running.cancel(false);
        }
        super.channelInactive(context);
    }

    private void tick(ChannelHandlerContext context) {
        ticks++;
        silentTicks++;
        if (silentTicks >= TICKS_UNTIL_DEAD) {
            var _ = context.close();
        } else if (ticks % TICKS_PER_PING == 0 && context.channel().isWritable()) {
            // What a peer that does not read leaves unsent is no longer than what gRPC lets it be.
            ByteBuf ping = Unpooled.wrappedBuffer(PING);
            var _ = context.writeAndFlush(ping).addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
        }
    }
}
