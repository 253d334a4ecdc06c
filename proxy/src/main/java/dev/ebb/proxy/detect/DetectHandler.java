package dev.ebb.proxy.detect;

import dev.ebb.drain.DrainLease;
import dev.ebb.proxy.drain.Drainable;
import dev.ebb.proxy.drain.LingeringClose;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.stream.LoopTick;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.util.ReferenceCountUtil;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Keeps the first bytes of a connection until they tell what it speaks, or the time limit has
/// passed.
///
/// Then it calls back, passes on what it kept to whatever the callback has put behind it, and
/// removes itself. Past the time limit, a connection on which the beginning of a request has come
/// is HTTP, whose own limit then says 408; any other is opaque. A connection that ends without a
/// byte is dropped. One that a drain finds without a byte gets a moment for its first, then FIN.
public final class DetectHandler extends ChannelInboundHandlerAdapter implements Drainable {

    /// What a drain grants to a connection that has not sent anything.
    static final Duration PATIENCE = Duration.ofSeconds(1);

    private final Duration limit;
    private final LoopTick tick;
    private final LoopDrain drain;
    private final Consumer<Detected> detected;
    private final Runnable dropped;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ByteBuf kept;
    private LoopTick.@Nullable Timeout timeout;
    private LoopTick.@Nullable Timeout patience;
    private @Nullable DrainLease lease;
    private @Nullable LingeringClose lingering;
    private boolean done;

    /// @param detected called once, on the event loop; adds what follows to the pipeline
    /// @param dropped called instead if the connection ends without a byte
    public DetectHandler(
            Duration limit,
            LoopTick tick,
            LoopDrain drain,
            Consumer<Detected> detected,
            Runnable dropped) {
        this.limit = limit;
        this.tick = tick;
        this.drain = drain;
        this.detected = detected;
        this.dropped = dropped;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        // An opaque client may half-close behind its first bytes.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        timeout = tick.after(limit, this::timedOut);
        drain.join(this);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (lingering != null) {
            lingering.read(message);
        } else if (message instanceof ByteBuf bytes) {
            ByteBuf all = append(ctx, bytes);
            switch (FirstBytes.judge(all)) {
                case HTTP1 -> decide(ctx, new Detected.Http1());
                case OPAQUE -> decide(ctx, new Detected.Opaque(Detected.Sign.FIRST_BYTES));
                case UNDECIDED -> {}
            }
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (!(event instanceof ChannelInputShutdownEvent) || done) {
            ctx.fireUserEventTriggered(event);
        } else if (kept == null) {
            var _ = ctx.close();
        } else {
            decide(ctx, new Detected.Opaque(Detected.Sign.END_OF_INPUT));
            ctx.fireUserEventTriggered(event);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (!done) {
            end();
            dropped.run();
        }
        ctx.fireChannelInactive();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        var _ = ctx.close();
    }

    @Override
    public void handlerRemoved(ChannelHandlerContext ctx) {
        end();
    }

    @Override
    public void drain() {
        lease = drain.hold(this);
        patience = tick.after(PATIENCE, this::patienceEnded);
    }

    @Override
    public void cut() {
        if (context != null) {
            var _ = context.close();
        }
    }

    @Override
    public boolean mayBringRequest() {
        return !done && lingering == null;
    }

    @Override
    public String toString() {
        return "detection on connection from "
                + (context == null ? "nowhere" : context.channel().remoteAddress());
    }

    private ByteBuf append(ChannelHandlerContext ctx, ByteBuf bytes) {
        ByteBuf before = kept;
        if (before == null) {
            kept = bytes;
            return bytes;
        }
        ByteBuf all = ctx.alloc().buffer(before.readableBytes() + bytes.readableBytes());
        all.writeBytes(before).writeBytes(bytes);
        before.release();
        bytes.release();
        kept = all;
        return all;
    }

    private void decide(ChannelHandlerContext ctx, Detected what) {
        ByteBuf bytes = kept;
        kept = null;
        done = true;
        detected.accept(what);
        if (bytes != null) {
            ctx.fireChannelRead(bytes);
            ctx.fireChannelReadComplete();
        }
        if (!ctx.isRemoved()) {
            ctx.pipeline().remove(this);
        }
    }

    private void timedOut() {
        if (context == null || lingering != null) {
            return;
        }
        if (kept != null && FirstBytes.judgeUnfinished(kept) == FirstBytes.Verdict.HTTP1) {
            decide(context, new Detected.Http1());
        } else {
            decide(context, new Detected.Opaque(Detected.Sign.TIME_LIMIT));
        }
    }

    private void patienceEnded() {
        if (context != null && kept == null && !done) {
            lingering = LingeringClose.begin(context.channel(), tick);
        }
    }

    private void end() {
        done = true;
        if (kept != null) {
            kept.release();
            kept = null;
        }
        if (timeout != null) {
            timeout.cancel();
        }
        if (patience != null) {
            patience.cancel();
        }
        drain.leave(this);
        if (lease != null) {
            lease.close();
        }
    }
}
