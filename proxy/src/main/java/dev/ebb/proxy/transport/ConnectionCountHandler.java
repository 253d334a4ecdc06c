package dev.ebb.proxy.transport;

import dev.ebb.proxy.metrics.ConnectionMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;

/// Counts one connection and its bytes; stands nearest to the socket, so that it sees what the peer
/// sees. Add it to a connection that is open.
public final class ConnectionCountHandler extends ChannelDuplexHandler {

    private final ConnectionMetrics metrics;
    private long read;
    private long written;

    public ConnectionCountHandler(ConnectionMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext context) {
        metrics.opened();
        context.channel()
                .closeFuture()
                .addListener(_ -> {
                    settle();
                    metrics.closed();
                });
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object message) {
        if (message instanceof ByteBuf bytes) {
            read += bytes.readableBytes();
        }
        context.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext context) {
        settle();
        context.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) {
        if (message instanceof ByteBuf bytes) {
            written += bytes.readableBytes();
        }
        var _ = context.write(message, promise);
    }

    /// In lumps, since the counters are shared by all event loops.
    private void settle() {
        if (read > 0) {
            metrics.read(read);
            read = 0;
        }
        if (written > 0) {
            metrics.written(written);
            written = 0;
        }
    }
}
