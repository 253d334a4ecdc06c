package dev.ebb.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.HttpStatusClass;
import java.util.List;

/// Netty's response decoder, told which request each response answers.
///
/// Bytes that no request asked for are dropped and reported: taken for the answer to the next
/// request, they would give one client's response to another.
final class ResponseDecoder extends HttpResponseDecoder {

    private static final int SWITCHING_PROTOCOLS = 101;

    private enum Mode {
        IDLE,
        EXPECT,
        RAW
    }

    private final Runnable unexpected;
    private Mode mode = Mode.IDLE;
    private HttpMethod method = HttpMethod.GET;

    /// @param unexpected called when bytes arrive that nobody waits for
    ResponseDecoder(HttpDecoderConfig config, Runnable unexpected) {
        super(config);
        this.unexpected = unexpected;
    }

    /// The next response answers a request with this method.
    void expect(HttpMethod method) {
        mode = Mode.EXPECT;
        this.method = method;
    }

    /// No response is waited for.
    void expectNothing() {
        mode = Mode.IDLE;
    }

    /// Netty would ask for one more read here if none of the last one could be decoded.
    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        discardSomeReadBytes();
        ctx.fireChannelReadComplete();
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        switch (mode) {
            case IDLE -> {
                in.skipBytes(in.readableBytes());
                unexpected.run();
            }
            case EXPECT -> {
                int before = out.size();
                super.decode(ctx, in, out);
                if (out.size() > before
                        && out.get(before) instanceof HttpResponse response
                        && opensRaw(response)) {
                    mode = Mode.RAW;
                }
            }
            case RAW -> out.add(in.readRetainedSlice(in.readableBytes()));
        }
    }

    @Override
    protected void decodeLast(ChannelHandlerContext ctx, ByteBuf in, List<Object> out)
            throws Exception {
        if (mode == Mode.EXPECT) {
            super.decodeLast(ctx, in, out);
        }
    }

    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        int status = ((HttpResponse) message).status().code();
        return status < 200
                || status == 204
                || status == 304
                || method.equals(HttpMethod.HEAD)
                || opensRaw((HttpResponse) message);
    }

    private boolean opensRaw(HttpResponse response) {
        return response.status().code() == SWITCHING_PROTOCOLS
                || (method.equals(HttpMethod.CONNECT)
                        && response.status().codeClass() == HttpStatusClass.SUCCESS);
    }
}
