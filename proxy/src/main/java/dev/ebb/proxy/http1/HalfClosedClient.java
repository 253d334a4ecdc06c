package dev.ebb.proxy.http1;

import dev.ebb.proxy.drain.ConnectionEnd;
import dev.ebb.proxy.stream.LoopTick;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Watches a client that has ended its half while its request is served. It may wait for the
/// response, or be gone: both look the same, until something is sent to it. A socket that nobody
/// reads any more answers that with a reset, and the next write fails.
///
/// So before the response begins, its first bytes are sent ahead, one by one and ever more seldom:
/// they are the same in all responses, and a client that waits cannot tell. In the middle of a
/// response its body does the same; where it pauses for long, the client is taken for gone. A body
/// that waits for a slow client does not pause: bytes are on their way, whose write would fail.
/// Belongs to the connection's event loop.
///
/// @see <a href="file:docs/decisions/0005-half-closed-clients.md">why they are served</a>
final class HalfClosedClient {

    /// From the first byte ahead to the second: a round trip, mostly.
    static final Duration FIRST = Duration.ofMillis(50);

    /// How long the body of a response may pause.
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final int GROWTH = 4;

    /// In place of a count: the client is slow, which tells nothing about the body.
    private static final long WAITS_FOR_CLIENT = -1;

    private final LoopTick tick;
    private final ResponseEncoder encoder;
    private final Supplier<@Nullable ServerExchange> exchange;
    private final ChannelHandlerContext ctx;
    private Duration next = FIRST;
    private long encoded;
    private LoopTick.@Nullable Timeout timeout;

    /// @param exchange the present one
    /// @param ctx of the connection, which is ended if the client is taken for gone
    HalfClosedClient(
            LoopTick tick,
            ResponseEncoder encoder,
            Supplier<@Nullable ServerExchange> exchange,
            ChannelHandlerContext ctx) {
        this.tick = tick;
        this.encoder = encoder;
        this.exchange = exchange;
        this.ctx = ctx;
    }

    /// Watches until [#end]. A write that fails is seen by the connection.
    void watch() {
        if (isResponding()) {
            encoded = ctx.channel().isWritable() ? encoder.encoded() : WAITS_FOR_CLIENT;
            timeout = tick.after(PAUSE, this::judge);
        } else {
            encoder.sendAhead();
            timeout = tick.after(next, this::watch);
            next = next.multipliedBy(GROWTH);
        }
    }

    void end() {
        if (timeout != null) {
            timeout.cancel();
        }
    }

    private void judge() {
        if (isResponding() && encoder.encoded() == encoded) {
            giveUp(ctx.channel(), exchange.get());
        } else {
            watch();
        }
    }

    /// Ends the connection of a client that is sent no more of its response; one that is there
    /// after all does not take what it has for all of it.
    static void giveUp(Channel channel, @Nullable ServerExchange exchange) {
        if (exchange != null && exchange.ending() == ServerExchange.Ending.LOOKS_COMPLETE) {
            ConnectionEnd.abort(channel);
        } else {
            var _ = channel.close();
        }
    }

    private boolean isResponding() {
        ServerExchange present = exchange.get();
        return present != null && present.isHeadWritten();
    }
}
