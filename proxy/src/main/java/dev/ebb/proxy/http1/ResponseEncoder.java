package dev.ebb.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Netty's response encoder, told by the exchange what has no body; framing fields are the
/// exchange's business.
final class ResponseEncoder extends HttpResponseEncoder {

    /// What every response begins with.
    private static final ByteBuf BEGINNING =
            Unpooled.unreleasableBuffer(
                    Unpooled.copiedBuffer("HTTP/1.1 ", StandardCharsets.US_ASCII));

    private @Nullable ChannelHandlerContext ctx;
    private boolean bodiless;
    private boolean raw;
    private int ahead;
    private long encoded;

    /// The next final response has no body, whatever its fields say (RFC 9112 §6.3).
    void expectBodiless() {
        bodiless = true;
    }

    /// Bytes pass as they are from here on.
    void passRaw() {
        raw = true;
    }

    /// Sends the next byte of the next response ahead of it, if it has one that is always the same.
    void sendAhead() {
        if (ctx != null && ahead < BEGINNING.readableBytes()) {
            var _ = ctx.writeAndFlush(BEGINNING.slice(ahead, 1), ctx.voidPromise());
            ahead++;
        }
    }

    /// Counts what was given to be sent.
    long encoded() {
        return encoded;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public boolean acceptOutboundMessage(Object message) throws Exception {
        encoded++;
        return !raw && super.acceptOutboundMessage(message);
    }

    @Override
    protected void encodeInitialLine(ByteBuf out, HttpResponse response) throws Exception {
        int start = out.writerIndex();
        super.encodeInitialLine(out, response);
        if (ahead > 0) {
            ByteBuf rest = out.copy(start + ahead, out.writerIndex() - start - ahead);
            out.writerIndex(start).writeBytes(rest);
            rest.release();
            ahead = 0;
        }
    }

    @Override
    protected void sanitizeHeadersBeforeEncode(HttpResponse response, boolean isAlwaysEmpty) {}

    @Override
    protected boolean isContentAlwaysEmpty(HttpResponse response) {
        boolean empty = bodiless;
        bodiless = false;
        return empty;
    }
}
