package dev.ebb.proxy.opaque;

import dev.ebb.proxy.drain.ConnectionEnd;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/// One connection of a relay: what it reads goes to its peer.
final class RelaySide extends ChannelInboundHandlerAdapter {

    private final OpaqueRelay relay;

    /// Read before the peer was there.
    private final Deque<Object> kept = new ArrayDeque<>();

    private @Nullable RelaySide peer;
    private @Nullable ChannelHandlerContext context;
    private boolean inputEnded;
    private boolean outputToEnd;
    private boolean closed;
    private long bytesRead;

    RelaySide(OpaqueRelay relay) {
        this.relay = relay;
    }

    void connectTo(RelaySide peer) {
        this.peer = peer;
    }

    RelaySide peer() {
        if (peer == null) {
            throw new IllegalStateException("side of a relay: alone (expected: one of two)");
        }
        return peer;
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    boolean isClosed() {
        return closed;
    }

    long bytesRead() {
        return bytesRead;
    }

    // What the connection brings.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        if (peer().context == null) {
            relay.begin();
        } else {
            peer().passKept();
            if (outputToEnd) {
                ConnectionEnd.finish(ctx.channel());
            }
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof ByteBuf bytes) {
            bytesRead += bytes.readableBytes();
        }
        RelaySide other = peer();
        if (closed || other.closed) {
            ReferenceCountUtil.release(message);
        } else if (other.context == null) {
            kept.add(message);
            ctx.channel().config().setAutoRead(false);
        } else {
            other.write(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        ChannelHandlerContext other = peer().context;
        if (other != null) {
            other.flush();
            if (!other.channel().isWritable()) {
                ctx.channel().config().setAutoRead(false);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        ChannelHandlerContext other = peer().context;
        if (other != null && ctx.channel().isWritable()) {
            other.channel().config().setAutoRead(true);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent && !inputEnded) {
            inputEnded = true;
            relay.inputEnded(this);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed = true;
        releaseKept();
        relay.closed(this);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        relay.broken(this);
    }

    // What the relay asks for.

    /// FIN, behind everything that was passed on.
    void endOutput() {
        outputToEnd = true;
        if (context != null) {
            ConnectionEnd.finish(context.channel());
        }
    }

    void closeAfterWrites() {
        if (context != null) {
            ConnectionEnd.closeAfterWrites(context.channel());
        }
    }

    void abort() {
        releaseKept();
        if (context != null) {
            ConnectionEnd.abort(context.channel());
        }
    }

    @Override
    public String toString() {
        return context == null ? "nowhere" : String.valueOf(context.channel().remoteAddress());
    }

    private void write(Object message) {
        if (context != null) {
            var _ = context.write(message, context.voidPromise());
        }
    }

    private void passKept() {
        RelaySide other = peer();
        kept.forEach(other::write);
        kept.clear();
        if (other.context != null) {
            other.context.flush();
        }
        if (context != null) {
            context.channel().config().setAutoRead(true);
        }
    }

    private void releaseKept() {
        kept.forEach(ReferenceCountUtil::release);
        kept.clear();
    }
}
