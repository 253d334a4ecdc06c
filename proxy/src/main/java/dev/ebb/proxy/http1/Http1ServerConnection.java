package dev.ebb.proxy.http1;

import dev.ebb.proxy.drain.ConnectionEnd;
import dev.ebb.proxy.drain.LingeringClose;
import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.stream.RequestHandler;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import org.jspecify.annotations.Nullable;

/// One downstream HTTP/1 connection: its requests one after the other, and its end.
///
/// Lives on the connection's event loop. At most one request is under way; the next is decoded when
/// its response is complete.
final class Http1ServerConnection extends ChannelInboundHandlerAdapter {

    private final Http1ServerPipeline.Shared shared;
    private final RequestHandler handler;
    private final RequestDecoder decoder;
    private final ResponseEncoder encoder = new ResponseEncoder();
    private final ServerLifetime lifetime;
    private @Nullable ConnectionIo io;
    private @Nullable ServerExchange current;
    private @Nullable LingeringClose lingering;
    private boolean raw;
    private boolean closed;

    Http1ServerConnection(Http1ServerPipeline.Shared shared, RequestHandler handler) {
        this.shared = shared;
        this.handler = handler;
        decoder = new RequestDecoder(shared.decoderConfig(), this::pipelined);
        lifetime = new ServerLifetime(this, shared, decoder);
    }

    RequestDecoder decoder() {
        return decoder;
    }

    ResponseEncoder encoder() {
        return encoder;
    }

    // What the connection brings.

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        io = new ConnectionIo(ctx, this::flushKeptBack);
        lifetime.begin(ctx.channel());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (lingering != null) {
            lingering.read(message);
        } else if (message instanceof HttpRequest request) {
            lifetime.headEnded();
            request(request);
        } else if (message instanceof HttpContent content) {
            content(content);
        } else if (raw && current != null && message instanceof ByteBuf bytes) {
            current.requestData(bytes);
        } else {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lifetime.readComplete();
    }

    @Override
    public void channelWritabilityChanged(ChannelHandlerContext ctx) {
        if (current != null && ctx.channel().isWritable()) {
            current.becameWritable();
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        if (event instanceof ChannelInputShutdownEvent) {
            io().inputEnded();
            inputEnded(ctx);
        }
    }

    private void inputEnded(ChannelHandlerContext ctx) {
        ServerExchange exchange = current;
        if (exchange == null) {
            linger();
            ConnectionEnd.closeAfterWrites(ctx.channel());
        } else if (raw) {
            exchange.requestEnd(EmptyHttpHeaders.INSTANCE);
            closeIfBothHalvesEnded();
        } else if (exchange.isRequestEnded()) {
            lifetime.inputEnded(new HalfClosedClient(shared.tick(), encoder, () -> current, ctx));
        } else if (exchange.isResponseEnded()) {
            // Answered early; the client may still have to be sent the end of that.
            current = null;
            linger();
        } else {
            // Its request will never be complete.
            HalfClosedClient.giveUp(ctx.channel(), exchange);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        closed("the client closed " + this);
    }

    /// A read or a write failed: nothing more can be told to this client.
    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        Failures.log(cause, this);
        if (lingering == null) {
            closed(cause + " on " + this);
        }
        var _ = ctx.close();
    }

    @Override
    public String toString() {
        return "connection from " + (io == null ? "nowhere" : io.channel().remoteAddress());
    }

    // One request after the other.

    private void request(HttpRequest message) {
        HttpHeaders headers = message.headers();
        int scanned = Fields.scan(headers);
        Rejection refusal = RequestRules.refusal(message, scanned);
        if (refusal == null && !lifetime.admits(headers.size())) {
            refusal = Rejection.OVERLOADED;
        }
        if (refusal != null) {
            reject(refusal, message);
            return;
        }
        boolean http10 = message.protocolVersion().equals(HttpVersion.HTTP_1_0);
        RequestHead head = RequestRules.head(message, scanned);
        int found = Fields.stripHop(headers, scanned);
        if ((found & Fields.UPGRADE) != 0 && (http10 || !RequestRules.mayUpgrade(head, found))) {
            headers.remove(HttpHeaderNames.UPGRADE);
        }
        if (http10 && (found & Fields.EXPECT) != 0) {
            // RFC 9110 §10.1.1: to be ignored in a 1.0 request.
            headers.remove(HttpHeaderNames.EXPECT);
        }
        ServerExchange exchange = new ServerExchange(this, io(), head, http10, found);
        current = exchange;
        lifetime.requestBegun();
        exchange.listen(handler.request(head, exchange));
    }

    private void content(HttpContent content) {
        ServerExchange exchange = current;
        if (exchange == null || raw || exchange.isRequestEnded()) {
            content.release();
            return;
        }
        if (content.decoderResult().isFailure()) {
            content.release();
            reject(Rejection.CHUNK);
            return;
        }
        if (content.content().isReadable()) {
            exchange.requestData(content.content());
        } else {
            content.release();
        }
        if (content instanceof LastHttpContent last && current == exchange) {
            exchange.requestEnd(last.trailingHeaders());
            endIfDone(exchange);
        }
    }

    /// A response is complete; the rest of its request may still be coming.
    void responseEnded(ServerExchange exchange) {
        lifetime.responseEnded();
        endIfDone(exchange);
    }

    private void endIfDone(ServerExchange exchange) {
        if (current != exchange || !exchange.isResponseEnded() || raw) {
            return;
        }
        if (exchange.closesConnection()) {
            current = null;
            linger();
        } else if (exchange.isRequestEnded()) {
            current = null;
            io().readOn();
            decoder.next();
            if (io().isInputEnded() && current == null && !decoder.willDecodeMore()) {
                linger();
            }
            lifetime.idle();
        } else {
            io().resume();
        }
    }

    private void pipelined() {
        if (lingering == null && io != null) {
            io.holdBack();
        }
    }

    private void flushKeptBack() {
        if (current != null) {
            current.flushKeptBack();
        }
    }

    // What the exchange asks for.

    boolean isServing(ServerExchange exchange) {
        return current == exchange;
    }

    boolean closesAfter(ServerExchange exchange) {
        return lifetime.closesAfter(exchange);
    }

    void expectBodiless() {
        encoder.expectBodiless();
    }

    void retire() {
        lifetime.retire();
    }

    void peerIsMeshed() {
        lifetime.peerIsMeshed();
    }

    /// After a 101 or a CONNECT: both directions are bytes from here on.
    void openRaw() {
        raw = true;
        encoder.passRaw();
        io().openRaw();
        decoder.passRaw();
        if (io().isInputEnded() && current != null) {
            lifetime.stopWatching();
            current.requestEnd(EmptyHttpHeaders.INSTANCE);
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

    /// A response will not be completed.
    ///
    /// @param ending what the plain end of the connection would look like to the client
    void responseCut(ServerExchange exchange, ServerExchange.Ending ending) {
        if (current != exchange) {
            return;
        }
        current = null;
        switch (ending) {
            case LOOKS_COMPLETE -> ConnectionEnd.abort(io().channel());
            case LOOKS_CUT -> linger();
        }
    }

    // How it ends.

    /// Whether a request is under way.
    boolean isBusy() {
        return current != null && (raw || !current.isResponseEnded());
    }

    /// Names the request that is under way, or the connection. Thread-safe enough for a log.
    String work() {
        ServerExchange exchange = current;
        return String.valueOf(exchange == null ? this : exchange);
    }

    /// Whether no further request will be served.
    boolean isEnding() {
        return lingering != null || closed;
    }

    /// Answers what cannot be served, if an answer is still possible, and closes.
    void reject(Rejection rejection) {
        reject(rejection, "", "", "");
    }

    private void reject(Rejection rejection, HttpRequest request) {
        HttpHeaders headers = request.headers();
        boolean unread = rejection == Rejection.REQUEST_LINE;
        reject(
                rejection,
                unread ? "" : request.method().name(),
                headers.get(HttpHeaderNames.HOST, ""),
                unread ? "" : request.uri());
    }

    private void reject(Rejection rejection, String method, String authority, String target) {
        shared.refused()
                .accept(
                        new RefusedRequest(
                                io().channel().remoteAddress(),
                                method,
                                authority,
                                target,
                                rejection.status().code(),
                                rejection.cause(),
                                rejection.reason(),
                                current != null));
        end(rejection, rejection + " on " + this);
    }

    void cut() {
        if (isBusy()) {
            end(Rejection.GRACE_EXPIRED, "grace has ended for " + this);
        } else if (lingering != null) {
            lingering.cut();
        } else {
            ConnectionEnd.cut(io().channel());
        }
    }

    private void end(Rejection rejection, String detail) {
        ServerExchange exchange = current;
        if (exchange != null && exchange.isHeadWritten()) {
            ByteBuf farewell = exchange.farewell();
            exchange.broken(new StreamReset(rejection.cause(), detail));
            if (farewell == null) {
                responseCut(exchange, exchange.ending());
            } else {
                current = null;
                io().write(farewell);
                linger();
            }
            return;
        }
        current = null;
        if (exchange != null) {
            int status = rejection.status().code();
            exchange.broken(new StreamReset(rejection.cause(), detail, status));
        }
        io().write(rejection.response());
        linger();
    }

    /// Half-closes after what was written, and waits for the client to close too.
    void linger() {
        if (!isEnding()) {
            lifetime.headEnded();
            lifetime.stopWatching();
            decoder.passRaw();
            // What it keeps of the longest line goes with it.
            var _ = io().channel().pipeline().remove(decoder);
            lingering = LingeringClose.begin(io().channel(), shared.tick());
        }
    }

    private void closed(String detail) {
        closed = true;
        ServerExchange exchange = current;
        current = null;
        if (exchange != null) {
            exchange.broken(new StreamReset(StreamReset.Cause.PEER_CLOSED, detail));
        }
        lifetime.end();
    }

    private ConnectionIo io() {
        if (io == null) {
            throw new IllegalStateException("handler of a connection (expected: added)");
        }
        return io;
    }
}
