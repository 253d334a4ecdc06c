package dev.ebb.proxy.http1;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import java.nio.charset.StandardCharsets;

/// Netty's request encoder, with the target as it was received.
final class RequestEncoder extends HttpRequestEncoder {

    private static final int CRLF = '\r' << 8 | '\n';

    private boolean raw;

    /// Bytes pass as they are from here on.
    void passRaw() {
        raw = true;
    }

    @Override
    public boolean acceptOutboundMessage(Object message) throws Exception {
        return !raw && super.acceptOutboundMessage(message);
    }

    /// Netty's own would encode bytes above 127 a second time, and complete absolute targets.
    @Override
    protected void encodeInitialLine(ByteBuf out, HttpRequest request) {
        ByteBufUtil.copy(request.method().asciiName(), out);
        out.writeByte(' ');
        out.writeCharSequence(request.uri(), StandardCharsets.ISO_8859_1);
        ByteBufUtil.writeShortBE(out.writeByte(' '), 'H' << 8 | 'T');
        ByteBufUtil.writeShortBE(out, 'T' << 8 | 'P');
        ByteBufUtil.writeShortBE(out, '/' << 8 | '1');
        ByteBufUtil.writeShortBE(out, '.' << 8 | '1');
        ByteBufUtil.writeShortBE(out, CRLF);
    }
}
