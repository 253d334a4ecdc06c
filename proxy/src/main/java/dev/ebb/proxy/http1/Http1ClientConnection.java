package dev.ebb.proxy.http1;

import dev.ebb.proxy.drain.ConnectionEnd;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// One upstream HTTP/1 connection: its requests one after the other, and whether it can take
/// another. Lives on the connection's event loop.
final class Http1ClientConnection extends ChannelInboundHandlerAdapter implements ClientConnection {

    private static final int SWITCHING_PROTOCOLS = 101;

    private final ResponseDecoder decoder;
    private final RequestEncoder encoder = new RequestEncoder();
    private final Owner owner;
    private @Nullable ChannelHandlerContext context;
    private @Nullable ConnectionIo io;
    private @Nullable ClientExchange current;

    /// What is decoded belongs to an interim response, or to a head that opened raw bytes.
    private boolean skipsLast;

    private boolean raw;
    private boolean untilClose;
    private boolean persistent = true;
    private boolean closing;
    private boolean reusableSoon;
    private boolean unavailable;
    private @Nullable String failure;

    Http1ClientConnection(HttpDecoderConfig config, Owner owner) {
        this.owner = owner;
        decoder = new ResponseDecoder(config, this::unexpectedBytes);
    }

    ResponseDecoder decoder() {
        return decoder;
    }

    RequestEncoder encoder() {
        return encoder;
    }

    // What the pool asks for.

    @Override
    public ClientStream open(RequestHead head, ResponseListener listener) {
        if (current != null) {
            throw new IllegalStateException(this + ": busy (expected: available)");
        }
        ChannelHandlerContext ctx = context();
        ClientExchange exchange = new ClientExchange(this, io(), head, listener);
        if (!isAvailable()) {
            exchange.broken(StreamReset.Cause.NOT_SENT, this + " is closed");
            return exchange;
        }
        current = exchange;
        decoder.expect(head.method());
        exchange.start(ctx);
        return exchange;
    }

    @Override
    public boolean isAvailable() {
        return current == null && !closing && !reusableSoon && context().channel().isActive();
    }

    @Override
    public void close() {
        closing = true;
        becomeUnavailable();
        if (current == null) {
            var _ = context().close();
        }
    }

    // What the connection brings.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
        io = new ConnectionIo(ctx, () -> {});
        // A peer that answers early may close while the request is still being written. The failed
        // write must not close the channel, or the response would be lost unread.
        ctx.channel().config().setAutoClose(false);
        // A server that ends its half has ended the connection: an idle one must not be used again.
        ctx.channel().config().setOption(ChannelOption.ALLOW_HALF_CLOSURE, false);
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        ClientExchange exchange = current;
        if (exchange == null) {
            ReferenceCountUtil.release(message);
        } else if (message instanceof HttpResponse response) {
            response(exchange, response);
        } else if (message instanceof HttpContent content) {
            content(exchange, content);
        } else if (message instanceof ByteBuf bytes) {
            exchange.responseData(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (reusableSoon) {
            reusableSoon = false;
            if (isAvailable()) {
                owner.available(this);
            }
        }
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null && ctx.channel().isWritable()) {
            current.becameWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        ClientExchange exchange = current;
        if (event instanceof ChannelInputShutdownEvent && raw && exchange != null) {
            io().inputEnded();
            exchange.responseEnd(EmptyHttpHeaders.INSTANCE);
            closeIfBothHalvesEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        broken(StreamReset.Cause.PEER_CLOSED, failure == null ? this + " was closed" : failure);
    }

    /// A failed write leaves the response to be read, so only the end of reading decides.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Failures.log(cause, this);
        failure = cause + " on " + this;
        persistent = false;
        if (!(cause instanceof IOException)) {
            broken(StreamReset.Cause.PROTOCOL, failure);
        }
    }

    @Override
    public String toString() {
        return "connection to " + (context == null ? "nowhere" : context.channel().remoteAddress());
    }

    // One response after the other.

    private void response(ClientExchange exchange, HttpResponse response) {
        if (response.decoderResult().isFailure()) {
            Throwable cause = response.decoderResult().cause();
            boolean cut = cause instanceof PrematureChannelClosureException;
            broken(
                    cut ? StreamReset.Cause.PEER_CLOSED : StreamReset.Cause.PROTOCOL,
                    "response head on " + this + ": " + cause.getMessage());
            return;
        }
        HttpHeaders headers = response.headers();
        int scanned = Fields.scan(headers);
        if ((scanned & Fields.TRANSFER_ENCODING) != 0 && !RequestRules.isChunkedOnly(headers)) {
            broken(StreamReset.Cause.PROTOCOL, "unknown transfer coding on " + this);
            return;
        }
        int found = Fields.stripHop(headers, scanned);
        int status = response.status().code();
        if (status == SWITCHING_PROTOCOLS) {
            switchProtocols(exchange, response);
        } else if (status < 100) {
            broken(StreamReset.Cause.PROTOCOL, "status " + status + " on " + this);
        } else if (status < 200) {
            skipsLast = true;
            // RFC 9110 §8.6: there is no body, and nobody must wait for one.
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            exchange.informational(new ResponseHead(response.status(), headers, 0));
        } else {
            headers.remove(HttpHeaderNames.UPGRADE);
            finalHead(exchange, response, found);
        }
    }

    private void switchProtocols(ClientExchange exchange, HttpResponse response) {
        if (!exchange.request().headers().contains(HttpHeaderNames.UPGRADE)) {
            broken(StreamReset.Cause.PROTOCOL, "101 without a question on " + this);
            return;
        }
        openRaw(exchange, response);
    }

    private void finalHead(ClientExchange exchange, HttpResponse response, int found) {
        HttpMethod method = exchange.request().method();
        if (method.equals(HttpMethod.CONNECT)
                && response.status().codeClass() == HttpStatusClass.SUCCESS) {
            openRaw(exchange, response);
            return;
        }
        HttpHeaders headers = response.headers();
        long length = 0;
        if (!isBodiless(method, response.status().code())) {
            if ((found & Fields.TRANSFER_ENCODING) != 0) {
                length = RequestHead.UNKNOWN_LENGTH;
            } else if ((found & Fields.CONTENT_LENGTH) != 0) {
                length = Long.parseLong(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
            } else {
                length = RequestHead.UNKNOWN_LENGTH;
                untilClose = true;
                persistent = false;
            }
        }
        persistent &= isPersistent(response.protocolVersion(), found);
        exchange.head(new ResponseHead(response.status(), headers, length));
    }

    private static boolean isBodiless(HttpMethod method, int status) {
        return method.equals(HttpMethod.HEAD) || status == 204 || status == 304;
    }

    private static boolean isPersistent(HttpVersion version, int found) {
        if ((found & Fields.SAYS_CLOSE) != 0) {
            return false;
        }
        return version.equals(HttpVersion.HTTP_1_1) || (found & Fields.SAYS_KEEP_ALIVE) != 0;
    }

    private void openRaw(ClientExchange exchange, HttpResponse response) {
        raw = true;
        skipsLast = true;
        closing = true;
        encoder.passRaw();
        io().openRaw();
        exchange.openRaw(response.headers());
        becomeUnavailable();
        exchange.head(
                new ResponseHead(
                        response.status(), response.headers(), RequestHead.UNKNOWN_LENGTH));
    }

    private void content(ClientExchange exchange, HttpContent content) {
        if (skipsLast) {
            skipsLast = !(content instanceof LastHttpContent);
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            broken(
                    StreamReset.Cause.PROTOCOL,
                    "response body on " + this + ": " + content.decoderResult().cause());
            return;
        }
        if (content.content().isReadable()) {
            exchange.responseData(content.content());
        } else {
            content.release();
        }
        if (!(content instanceof LastHttpContent last) || current != exchange) {
            return;
        }
        if (untilClose && failure != null) {
            broken(StreamReset.Cause.PEER_CLOSED, failure);
        } else {
            responseEnded(exchange, last.trailingHeaders());
        }
    }

    /// A response that is complete before its request has used the connection up.
    private void responseEnded(ClientExchange exchange, HttpHeaders trailers) {
        boolean reusable = persistent && !closing && exchange.isRequestEnded();
        current = null;
        decoder.expectNothing();
        if (reusable) {
            // Only when the read batch shows no further bytes; see ResponseDecoder.
            reusableSoon = true;
            io().readOn();
        } else {
            becomeUnavailable();
        }
        exchange.responseEnd(trailers);
        if (!reusable) {
            var _ = context().close();
        }
    }

    // What the exchange asks for.

    boolean isServing(ClientExchange exchange) {
        return current == exchange;
    }

    void headFailed(ClientExchange exchange, Throwable cause) {
        if (current == exchange) {
            broken(StreamReset.Cause.NOT_SENT, cause + " on " + this);
        }
    }

    void rawOutputEnded() {
        io().endOutput();
        closeIfBothHalvesEnded();
    }

    private void closeIfBothHalvesEnded() {
        if (io().areBothHalvesEnded()) {
            current = null;
            ConnectionEnd.closeAfterWrites(io().channel());
        }
    }

    /// The other leg gave the exchange up.
    ///
    /// @param farewell the last that the server is told; null if it cannot be told
    void cancelled(@Nullable ByteBuf farewell) {
        current = null;
        closing = true;
        becomeUnavailable();
        if (farewell != null) {
            io().write(farewell);
            ConnectionEnd.closeAfterWrites(context().channel());
        } else if (raw) {
            ConnectionEnd.abort(context().channel());
        } else {
            var _ = context().close();
        }
    }

    // How it ends.

    private void unexpectedBytes() {
        reusableSoon = false;
        broken(StreamReset.Cause.PROTOCOL, "bytes behind a response on " + this);
    }

    private void broken(StreamReset.Cause cause, String detail) {
        closing = true;
        ClientExchange exchange = current;
        current = null;
        decoder.expectNothing();
        becomeUnavailable();
        if (exchange != null) {
            exchange.broken(cause, detail);
        }
        var _ = context().close();
    }

    private void becomeUnavailable() {
        if (!unavailable) {
            unavailable = true;
            owner.unavailable(this);
        }
    }

    private ChannelHandlerContext context() {
        if (context == null) {
            throw new IllegalStateException("handler of a connection (expected: added)");
        }
        return context;
    }

    private ConnectionIo io() {
        if (io == null) {
            throw new IllegalStateException("handler of a connection (expected: added)");
        }
        return io;
    }
}
