package dev.ebb.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Netty's request decoder, one request at a time.
///
/// At the end of a request it holds: pipelined bytes stay as they are, so nothing of a later
/// request has been read in any sense that matters, and what a peer can make us keep is one read.
/// [#next] goes on; [#passRaw] turns it into a pipe.
final class RequestDecoder extends HttpRequestDecoder {

    private enum Mode {
        DECODE,
        HOLD,
        RAW
    }

    private final Runnable pipelined;
    private @Nullable ChannelHandlerContext ctx;
    private Mode mode = Mode.DECODE;
    private long fed;
    private int buffered;
    private long messageEnd;
    private long headBytes;
    private boolean headSeen;
    private boolean reading;

    /// @param pipelined called when bytes arrive that are held
    RequestDecoder(HttpDecoderConfig config, Runnable pipelined) {
        super(config);
        this.pipelined = pipelined;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        this.ctx = ctx;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) throws Exception {
        if (message instanceof ByteBuf bytes) {
            fed += bytes.readableBytes();
        }
        reading = true;
        try {
            super.channelRead(ctx, message);
        } finally {
            reading = false;
        }
    }

    /// Netty would ask for one more read here if none of the last one could be decoded.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    /// Netty would let go of what is held when the client ends its half.
    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ctx.fireUserEventTriggered(event);
    }

    /// Decodes the next request, if bytes of it are here.
    void next() {
        mode = Mode.DECODE;
        headSeen = false;
        resume();
    }

    /// Passes everything on as bytes from here on.
    void passRaw() {
        mode = Mode.RAW;
        resume();
    }

    /// How many bytes have come in altogether.
    long fed() {
        return fed;
    }

    /// How many bytes have been decoded.
    long consumed() {
        return fed - buffered;
    }

    /// Whether the read that is going on has more to decode.
    boolean willDecodeMore() {
        return reading && buffered > 0;
    }

    /// How many bytes the head of the current request has, or what has come of it so far.
    long headBytes() {
        return headSeen ? headBytes : fed - messageEnd;
    }

    /// Whether a request has begun whose head is not complete.
    boolean isInHead() {
        return mode == Mode.DECODE && !headSeen && fed > messageEnd;
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        switch (mode) {
            case RAW -> out.add(in.readRetainedSlice(in.readableBytes()));
            case HOLD -> pipelined.run();
            case DECODE -> {
                int before = out.size();
                super.decode(ctx, in, out);
                if (out.size() > before) {
                    if (!headSeen) {
                        headBytes = fed - in.readableBytes() - messageEnd;
                    }
                    headSeen = true;
                    if (out.getLast() instanceof LastHttpContent) {
                        mode = Mode.HOLD;
                        messageEnd = fed - in.readableBytes();
                    }
                }
            }
        }
        buffered = in.readableBytes();
    }

    /// Netty takes any white space for the blanks of a request line; whoever sends something else
    /// than blanks tries whether two readers see two requests (RFC 9112 §3).
    @Override
    protected String splitSecondWordInitialLine(byte[] line, int start, int length) {
        int end = start + length;
        if (start == 0 || line[start - 1] != ' ' || (end < line.length && line[end] != ' ')) {
            throw new IllegalArgumentException("blanks around the target (expected: spaces)");
        }
        return super.splitSecondWordInitialLine(line, start, length);
    }

    /// The end of the connection completes no request.
    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out) {}

    /// Inside a read nothing is to be done: the decoder's own loop goes on once it has passed on
    /// what it has decoded, and a nested one would overtake that.
    private void resume() {
        if (ctx != null && !reading && buffered > 0) {
            try {
                channelRead(ctx, Unpooled.EMPTY_BUFFER);
            } catch (Exception e) {
                ctx.fireExceptionCaught(e);
            }
        }
    }
}
