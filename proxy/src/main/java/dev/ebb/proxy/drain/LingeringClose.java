package dev.ebb.proxy.drain;

import dev.ebb.proxy.stream.LoopTick;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Closes a connection whose peer may still be sending: everything written, then FIN, then whatever
/// comes is discarded until the peer closes too.
///
/// Closing a socket that has unread data, or to which data is still on its way, makes the kernel
/// send RST, and that may destroy the response in the peer's buffers before it was read (RFC 9112
/// §9.6). The wait begins with the FIN, and is over at once if the peer has sent its own: until
/// then a slow reader is still being sent its response, and only one that takes nothing at all is
/// given up. The wait is bounded in time without a byte, in time altogether and in bytes.
public final class LingeringClose {

    /// Without a byte that the peer takes. The kernel asks for more only when a third of its buffer
    /// is free, a megabyte perhaps, which is five kilobytes a second.
    static final Duration STALL = Duration.ofMinutes(5);

    /// Without a byte from the peer.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// Altogether.
    static final Duration LIMIT = Duration.ofSeconds(10);

    /// A peer that sends more than this after its last response has begun has had its chance.
    static final long MAX_BYTES = 16L << 20;

    private final Channel channel;
    private final LoopTick tick;
    private boolean finished;
    private long finishedAt;
    private long lastRead;
    private long discarded;
    private LoopTick.@Nullable Timeout timeout;

    private LingeringClose(Channel channel, LoopTick tick) {
        this.channel = channel;
        this.tick = tick;
    }

    /// Half-closes and starts to wait; from here on the caller passes on what it reads.
    public static LingeringClose begin(Channel channel, LoopTick tick) {
        LingeringClose lingering = new LingeringClose(channel, tick);
        channel.closeFuture().addListener(_ -> lingering.stopWaiting());
        channel.config().setAutoRead(true);
        ConnectionEnd.finish(channel, lingering::finished);
        lingering.awaitWritten(Long.MAX_VALUE);
        return lingering;
    }

    /// Ends it now. What was not written is lost, and the peer is told so.
    public void cut() {
        if (finished) {
            var _ = channel.close();
        } else {
            ConnectionEnd.abort(channel);
        }
    }

    /// Discards what was read. Takes ownership.
    public void read(Object message) {
        if (message instanceof ByteBuf bytes) {
            discarded += bytes.readableBytes();
        }
        ReferenceCountUtil.release(message);
        lastRead = tick.now();
        if (discarded > MAX_BYTES) {
            cut();
        }
    }

    private void awaitWritten(long before) {
        ChannelOutboundBuffer unwritten = channel.unsafe().outboundBuffer();
        if (finished || unwritten == null) {
            return;
        }
        long now = unwritten.totalPendingWriteBytes() - unwritten.currentProgress();
        if (now < before) {
            timeout = tick.after(STALL, () -> awaitWritten(now));
        } else {
            cut();
        }
    }

    private void finished() {
        stopWaiting();
        finished = true;
        if (channel instanceof DuplexChannel duplex && duplex.isInputShutdown()) {
            var _ = channel.close();
            return;
        }
        finishedAt = tick.now();
        lastRead = finishedAt;
        timeout = tick.after(QUIET, this::judge);
    }

    private void stopWaiting() {
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private void judge() {
        Duration quiet = Duration.ofNanos(tick.now() - lastRead);
        Duration altogether = Duration.ofNanos(tick.now() - finishedAt);
        if (quiet.compareTo(QUIET) >= 0 || altogether.compareTo(LIMIT) >= 0) {
            var _ = channel.close();
        } else {
            timeout = tick.after(QUIET.minus(quiet), this::judge);
        }
    }
}
