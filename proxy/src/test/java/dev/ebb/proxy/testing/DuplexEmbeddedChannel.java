package dev.ebb.proxy.testing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPromise;
import io.netty.channel.DefaultChannelConfig;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.DuplexChannel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/// An embedded channel with two halves, and a peer that is driven by the test: what it sends, when
/// it half-closes, what it has received.
public final class DuplexEmbeddedChannel extends EmbeddedChannel implements DuplexChannel {

    private final TwoHalves config;
    private final Peer peer = new Peer();
    private boolean inputShutdown;
    private boolean outputShutdown;

    private DuplexEmbeddedChannel(TwoHalves config, Builder builder) {
        super(builder.config(config));
        this.config = config;
    }

    /// A connected channel with an empty pipeline and a clock that stands still.
    public static DuplexEmbeddedChannel create() {
        TwoHalves config = new TwoHalves(new EmbeddedChannel());
        DuplexEmbeddedChannel channel = new DuplexEmbeddedChannel(config, builder());
        channel.freezeTime();
        channel.pipeline().addFirst("turn", channel.peer);
        return channel;
    }

    /// The peer sends.
    public void send(String text) {
        send(Unpooled.copiedBuffer(text, StandardCharsets.ISO_8859_1));
    }

    /// The peer sends.
    public void send(ByteBuf bytes) {
        writeInbound(alloc().buffer().writeBytes(bytes));
        bytes.release();
        turn();
    }

    /// Runs what is due on the event loop.
    public void turn() {
        runPendingTasks();
    }

    /// Does something within one turn of the event loop: tasks run behind all of it.
    public void inTurn(Runnable action) {
        writeInbound(action);
        turn();
    }

    /// Lets time pass, and runs what has become due, in small steps.
    public void pass(long millis) {
        for (long passed = 0; passed < millis; passed += 10) {
            advanceTimeBy(10, TimeUnit.MILLISECONDS);
            runScheduledPendingTasks();
            runPendingTasks();
        }
    }

    /// The peer half-closes.
    public void peerFinishes() {
        inputShutdown = true;
        if (config.halfClosure) {
            pipeline().fireUserEventTriggered(ChannelInputShutdownEvent.INSTANCE);
        } else {
            var _ = close();
        }
        turn();
    }

    /// The peer reads no more: what is written from now on stays with the channel.
    public void peerStopsReading() {
        peer.stopped = true;
    }

    /// Takes [#peerStopsReading] back.
    public void peerReadsOn() {
        peer.stopped = false;
        flush();
        turn();
    }

    /// What the peer has received since it was last asked.
    public String received() {
        turn();
        StringBuilder text = new StringBuilder();
        ByteBuf bytes = readOutbound();
        while (bytes != null) {
            text.append(bytes.toString(StandardCharsets.ISO_8859_1));
            bytes.release();
            bytes = readOutbound();
        }
        return text.toString();
    }

    /// Whether this side closed so that the peer sees a reset.
    public boolean isReset() {
        return !isOpen() && config.linger == 0;
    }

    @Override
    public boolean isInputShutdown() {
        return inputShutdown;
    }

    @Override
    public ChannelFuture shutdownInput() {
        return shutdownInput(newPromise());
    }

    @Override
    public ChannelFuture shutdownInput(ChannelPromise promise) {
        inputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isOutputShutdown() {
        return outputShutdown;
    }

    @Override
    public ChannelFuture shutdownOutput() {
        return shutdownOutput(newPromise());
    }

    @Override
    public ChannelFuture shutdownOutput(ChannelPromise promise) {
        outputShutdown = true;
        return promise.setSuccess();
    }

    @Override
    public boolean isShutdown() {
        return inputShutdown && outputShutdown;
    }

    @Override
    public ChannelFuture shutdown() {
        return shutdown(newPromise());
    }

    @Override
    public ChannelFuture shutdown(ChannelPromise promise) {
        inputShutdown = true;
        return shutdownOutput(promise);
    }

    /// Runs what a test wants done in a read of the channel. As long as it is stopped, the socket's
    /// buffer is full.
    private static final class Peer extends ChannelDuplexHandler {

        private boolean stopped;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!stopped) {
                ctx.flush();
            }
        }

        @Override
        public void channelRead(ChannelHandlerContext ctx, Object message) {
            if (message instanceof Runnable action) {
                action.run();
            } else {
                ctx.fireChannelRead(message);
            }
        }
    }

    /// Remembers the options of a socket.
    private static final class TwoHalves extends DefaultChannelConfig {

        /// As on every channel of the product, until a handler decides otherwise.
        private boolean halfClosure = true;

        private int linger = -1;

        TwoHalves(Channel channel) {
            super(channel);
        }

        @Override
        public <T> boolean setOption(ChannelOption<T> option, T value) {
            if (option.equals(ChannelOption.ALLOW_HALF_CLOSURE)) {
                halfClosure = (Boolean) value;
                return true;
            }
            if (option.equals(ChannelOption.SO_LINGER)) {
                linger = (Integer) value;
                return true;
            }
            return super.setOption(option, value);
        }
    }
}
