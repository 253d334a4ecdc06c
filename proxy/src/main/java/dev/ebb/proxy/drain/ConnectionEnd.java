package dev.ebb.proxy.drain;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.socket.DuplexChannel;

/// The ways to end a connection, or one half of it. All are called on its event loop.
public final class ConnectionEnd {

    private ConnectionEnd() {}

    /// Half-closes (FIN) after everything that was written; the connection is closed if the half
    /// cannot be, because a write failed.
    public static void finish(Channel channel) {
        finish(channel, () -> {});
    }

    /// As [#finish(Channel)].
    ///
    /// @param finished runs when everything and the FIN have been handed to the kernel
    static void finish(Channel channel, Runnable finished) {
        ChannelFuture flushed = channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
        var _ =
                flushed.addListener(written -> {
                    if (written.isSuccess() && channel instanceof DuplexChannel duplex) {
                        ChannelFuture shut = duplex.shutdownOutput();
                        var _ = shut.addListener(ChannelFutureListener.CLOSE_ON_FAILURE);
                        finished.run();
                    } else {
                        var _ = channel.close();
                    }
                });
    }

    /// Closes after everything that was written.
    public static void closeAfterWrites(Channel channel) {
        var _ = written(channel).addListener(ChannelFutureListener.CLOSE);
    }

    /// Completes when everything that was written has been handed to the kernel; fails if it never
    /// will be.
    public static ChannelFuture written(Channel channel) {
        return channel.writeAndFlush(Unpooled.EMPTY_BUFFER);
    }

    /// Ends it now. What was not written is lost, and the peer is told so by a reset.
    public static void cut(Channel channel) {
        ChannelOutboundBuffer unwritten = channel.unsafe().outboundBuffer();
        if (unwritten == null || unwritten.totalPendingWriteBytes() == 0) {
            var _ = channel.close();
        } else {
            abort(channel);
        }
    }

    /// Resets (RST). Only to pass on a cut that would else look like a complete message: where the
    /// end of the connection is the end of the bytes, nothing but a reset tells the difference.
    public static void abort(Channel channel) {
        if (channel.isOpen()) {
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
        }
        var _ = channel.close();
    }
}
