package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.ClientStream;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ResponseListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// One request and its response on an upstream connection. It frames the request, and knows whether
/// any of it can have reached the peer.
final class ClientExchange implements ClientStream, ChannelFutureListener {

    private static final HttpHeaders NO_TRAILERS = EmptyHttpHeaders.INSTANCE;

    private enum Body {
        SIZED,
        CHUNKED,
        RAW
    }

    private final Http1ClientConnection connection;
    private final ConnectionIo io;
    private final RequestHead request;
    private @Nullable ResponseListener listener;
    private @Nullable ChannelPromise headWritten;
    private Body body;
    private long remaining;
    private boolean requestEnded;

    /// Of what goes to the server.
    private WebSocketFrames frames = WebSocketFrames.NONE;

    private boolean responseEnded;

    ClientExchange(
            Http1ClientConnection connection,
            ConnectionIo io,
            RequestHead request,
            ResponseListener listener) {
        this.connection = connection;
        this.io = io;
        this.request = request;
        this.listener = listener;
        boolean sized = request.contentLength() != RequestHead.UNKNOWN_LENGTH;
        body = sized ? Body.SIZED : Body.CHUNKED;
        remaining = sized ? request.contentLength() : 0;
    }

    void start(ChannelHandlerContext ctx) {
        HttpHeaders headers = request.headers();
        frame(headers);
        ChannelPromise promise = ctx.newPromise();
        headWritten = promise.addListener(this);
        Object message;
        if (body == Body.SIZED && remaining == 0) {
            requestEnded = true;
            message =
                    new DefaultFullHttpRequest(
                            HttpVersion.HTTP_1_1,
                            request.method(),
                            request.target(),
                            Unpooled.EMPTY_BUFFER,
                            headers,
                            NO_TRAILERS);
        } else {
            message =
                    new DefaultHttpRequest(
                            HttpVersion.HTTP_1_1, request.method(), request.target(), headers);
        }
        io.write(message, promise);
    }

    // What the connection tells.

    /// The head was written, or not. If not, nothing that a peer could act on was.
    @Override
    public void operationComplete(ChannelFuture written) {
        Throwable cause = written.cause();
        if (cause != null) {
            connection.headFailed(this, cause);
        }
    }

    RequestHead request() {
        return request;
    }

    void informational(ResponseHead head) {
        if (listener != null) {
            listener.informational(head);
        }
    }

    void head(ResponseHead head) {
        if (listener != null) {
            listener.head(head);
        }
    }

    /// @param response the fields of the head that opened the raw bytes
    void openRaw(HttpHeaders response) {
        body = Body.RAW;
        frames = WebSocketFrames.of(WebSocketFrames.Sender.CLIENT, response);
        requestEnded = false;
    }

    void responseData(ByteBuf data) {
        if (listener == null) {
            data.release();
        } else {
            listener.data(data);
        }
    }

    void responseEnd(HttpHeaders trailers) {
        responseEnded = true;
        if (listener != null) {
            listener.end(trailers);
        }
    }

    /// The connection can carry this exchange no further.
    void broken(StreamReset.Cause cause, String detail) {
        ResponseListener hears = listener;
        listener = null;
        boolean unfinished = !responseEnded || (body == Body.RAW && !requestEnded);
        requestEnded = true;
        if (hears != null && unfinished) {
            boolean sent = headWritten != null && headWritten.isSuccess();
            hears.reset(new StreamReset(sent ? cause : StreamReset.Cause.NOT_SENT, detail));
        }
    }

    void becameWritable() {
        if (listener != null && !requestEnded) {
            listener.writable();
        }
    }

    boolean isRequestEnded() {
        return requestEnded;
    }

    // What the other leg tells.

    @Override
    public void data(ByteBuf data) {
        if (requestEnded || !connection.isServing(this) || !data.isReadable()) {
            data.release();
            return;
        }
        switch (body) {
            case RAW -> io.write(frames.pass(data));
            case CHUNKED -> io.write(new DefaultHttpContent(data));
            case SIZED -> sizedData(data);
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (requestEnded || !connection.isServing(this)) {
            return;
        }
        if (body == Body.SIZED) {
            reset(new StreamReset(StreamReset.Cause.PROTOCOL, "body shorter than its length"));
            return;
        }
        requestEnded = true;
        if (body == Body.RAW) {
            connection.rawOutputEnded();
        } else {
            io.write(last(trailers));
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (connection.isServing(this)) {
            listener = null;
            boolean open = !requestEnded;
            requestEnded = true;
            boolean tell = reset.cause() == StreamReset.Cause.GRACE_EXPIRED && open;
            connection.cancelled(tell ? frames.farewell() : null);
        }
    }

    @Override
    public boolean isWritable() {
        return !requestEnded && connection.isServing(this) && io.isWritable();
    }

    @Override
    public void pauseReading() {
        if (connection.isServing(this)) {
            io.pause();
        }
    }

    @Override
    public void resumeReading() {
        if (connection.isServing(this)) {
            io.resume();
        }
    }

    private void sizedData(ByteBuf data) {
        int length = data.readableBytes();
        if (length > remaining) {
            // More than was promised would be read as the next request.
            data.release();
            reset(new StreamReset(StreamReset.Cause.PROTOCOL, "body longer than its length"));
            return;
        }
        remaining -= length;
        if (remaining > 0) {
            io.write(new DefaultHttpContent(data));
            return;
        }
        requestEnded = true;
        io.write(new DefaultLastHttpContent(data));
    }

    private void frame(HttpHeaders headers) {
        if (body == Body.CHUNKED) {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
        } else if (remaining > 0 && !headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            headers.set(HttpHeaderNames.CONTENT_LENGTH, remaining);
        }
        if (!headers.contains(HttpHeaderNames.HOST)) {
            headers.set(HttpHeaderNames.HOST, request.authority());
        }
        if (headers.contains(HttpHeaderNames.UPGRADE)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE);
        } else if (headers.contains(HttpHeaderNames.TE)) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.TE);
        }
    }

    private static LastHttpContent last(HttpHeaders trailers) {
        if (trailers.isEmpty()) {
            return LastHttpContent.EMPTY_LAST_CONTENT;
        }
        LastHttpContent last = new DefaultLastHttpContent(Unpooled.EMPTY_BUFFER);
        last.trailingHeaders().add(trailers);
        return last;
    }
}
