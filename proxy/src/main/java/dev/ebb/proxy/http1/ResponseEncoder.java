package dev.ebb.proxy.http1;

import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseEncoder;

/// Netty's response encoder, told by the exchange what has no body; framing fields are the
/// exchange's business.
final class ResponseEncoder extends HttpResponseEncoder {

    private boolean bodiless;
    private boolean raw;

    /// The next final response has no body, whatever its fields say (RFC 9112 §6.3).
    void expectBodiless() {
        bodiless = true;
    }

    /// Bytes pass as they are from here on.
    void passRaw() {
        raw = true;
    }

    @Override
    public boolean acceptOutboundMessage(Object message) throws Exception {
        return !raw && super.acceptOutboundMessage(message);
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
