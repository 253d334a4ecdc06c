package dev.ebb.proxy.drain;

import io.netty.channel.Channel;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/// Closes a listener without resetting the connections that wait in its accept queue.
///
/// Closing a listening socket makes the kernel reset every connection that it has completed and
/// nobody has accepted. So the listener goes on accepting until its event loop has looked twice and
/// found nothing new, and is closed in that same turn. What is left is the moment between the last
/// look and the close.
public final class ListenerDrain extends ChannelInboundHandlerAdapter {

    private static final int QUIET_LOOKS = 2;

    /// A listener that is never quiet is closed all the same, after some tens of milliseconds.
    private static final int MAX_LOOKS = 50;

    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private long accepted;
    private long acceptedBefore;
    private int looks;
    private int quiet;

    private ListenerDrain() {}

    /// Serves the accept queue of a bound listener, then closes it. Thread-safe.
    ///
    /// @return completes when the port is closed
    public static CompletionStage<Void> stop(Channel listener) {
        ListenerDrain drain = new ListenerDrain();
        listener.eventLoop().execute(() -> listener.pipeline().addFirst("listener-drain", drain));
        return drain.stopped.minimalCompletionStage();
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        if (ctx.channel().isOpen()) {
            lookLater(ctx);
        } else {
            stopped.complete(null);
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object connection) {
        accepted++;
        ctx.fireChannelRead(connection);
    }

    /// A task that is due in a later turn runs behind that turn's look at the sockets.
    private void lookLater(ChannelHandlerContext ctx) {
        looks++;
        var _ = ctx.executor().schedule(() -> look(ctx), 1, TimeUnit.MILLISECONDS);
    }

    private void look(ChannelHandlerContext ctx) {
        quiet = accepted == acceptedBefore ? quiet + 1 : 0;
        acceptedBefore = accepted;
        if (quiet < QUIET_LOOKS && looks < MAX_LOOKS) {
            lookLater(ctx);
            return;
        }
        ChannelFutureListener closed = _ -> completeLater(ctx);
        var _ = ctx.close().addListener(closed);
    }

    /// The JDK's selector keeps the socket open until its next turn.
    private void completeLater(ChannelHandlerContext ctx) {
        var _ = ctx.executor().schedule(() -> stopped.complete(null), 1, TimeUnit.MILLISECONDS);
    }
}
