package dev.ebb.proxy.http1;

import dev.ebb.proxy.drain.ConnectionEnd;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;

/// Reading from and writing to one connection, as the adapters of both legs do it.
///
/// What one turn of the event loop writes is flushed once, after the turn's reads. So what a read
/// batch of the other leg brings leaves in one system call, and a connection that turns out dead in
/// the same turn has had nothing written.
final class ConnectionIo {

    private final ChannelHandlerContext ctx;
    private final Runnable beforeFlush;
    private final Runnable flush = this::flush;
    private boolean flushScheduled;
    private boolean paused;
    private boolean heldBack;
    private boolean inputEnded;
    private boolean outputEnded;

    /// @param beforeFlush writes what was kept back in the hope of more
    ConnectionIo(ChannelHandlerContext ctx, Runnable beforeFlush) {
        this.ctx = ctx;
        this.beforeFlush = beforeFlush;
    }

    Channel channel() {
        return ctx.channel();
    }

    /// Writes and flushes within this turn. A failure arrives as an exception in the pipeline.
    void write(Object message) {
        var _ = ctx.write(message, ctx.voidPromise());
        flushSoon();
    }

    /// Writes and flushes within this turn; the promise tells what became of it.
    void write(Object message, ChannelPromise promise) {
        var _ = ctx.write(message, promise);
        flushSoon();
    }

    void flushSoon() {
        if (!flushScheduled) {
            flushScheduled = true;
            ctx.executor().execute(flush);
        }
    }

    boolean isWritable() {
        return !outputEnded && ctx.channel().isActive() && ctx.channel().isWritable();
    }

    /// The other leg cannot take more for now.
    void pause() {
        paused = true;
        applyReading();
    }

    /// Takes [#pause] back.
    void resume() {
        paused = false;
        applyReading();
    }

    /// What arrives is not wanted yet, whatever the other leg can take.
    void holdBack() {
        heldBack = true;
        applyReading();
    }

    /// Takes [#pause] and [#holdBack] back.
    void readOn() {
        paused = false;
        heldBack = false;
        applyReading();
    }

    /// Both directions carry raw bytes from here on, and each ends by itself.
    void openRaw() {
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, true);
        readOn();
    }

    /// The peer half-closed.
    void inputEnded() {
        inputEnded = true;
    }

    boolean isInputEnded() {
        return inputEnded;
    }

    /// Half-closes after everything that was written.
    void endOutput() {
        outputEnded = true;
        if (!inputEnded) {
            ConnectionEnd.finish(ctx.channel());
        }
    }

    boolean areBothHalvesEnded() {
        return inputEnded && outputEnded;
    }

    private void applyReading() {
        boolean read = !paused && !heldBack;
        if (ctx.channel().config().isAutoRead() != read) {
            ctx.channel().config().setAutoRead(read);
        }
    }

    private void flush() {
        flushScheduled = false;
        beforeFlush.run();
        ctx.flush();
    }
}
