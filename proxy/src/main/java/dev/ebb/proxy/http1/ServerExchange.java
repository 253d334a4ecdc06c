package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ServerStream;
import dev.ebb.proxy.stream.StreamListener;
import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import org.jspecify.annotations.Nullable;

/// One request and its response on a downstream connection.
///
/// It frames the response: what length it is given, what the body that follows may be, whether the
/// connection outlives it. The object is never used for a second request, so that a late call of a
/// finished one cannot reach its successor.
final class ServerExchange implements ServerStream {

    /// Up to here a head waits, until the end of the turn, for its body, to be written with it.
    private static final int MAX_JOINED = 4 << 10;

    private static final HttpHeaders NO_TRAILERS = EmptyHttpHeaders.INSTANCE;

    /// How a client sees the end of the connection in the middle of a response.
    enum Ending {
        LOOKS_CUT,
        LOOKS_COMPLETE
    }

    /// Up to here the rest of a request that was answered early is read and thrown away, so that
    /// the connection survives.
    private static final long MAX_DISCARDED = 64 << 10;

    private enum Body {
        NONE,
        SIZED,
        CHUNKED,
        UNTIL_CLOSE,
        RAW
    }

    private final Http1ServerConnection connection;
    private final ConnectionIo io;
    private final RequestHead request;
    private final boolean http10;
    private final int found;
    private @Nullable StreamListener listener;
    private boolean requestEnded;
    private boolean bodySeen;
    private @Nullable ResponseHead keptBack;
    private boolean headWritten;
    private boolean responseEnded;
    private boolean closes;
    private Body body = Body.NONE;
    private long remaining;

    /// Of what goes to the client.
    private WebSocketFrames frames = WebSocketFrames.NONE;

    /// @param found what [Fields#scan] and [Fields#stripHop] found in the request
    ServerExchange(
            Http1ServerConnection connection,
            ConnectionIo io,
            RequestHead request,
            boolean http10,
            int found) {
        this.connection = connection;
        this.io = io;
        this.request = request;
        this.http10 = http10;
        this.found = found;
        boolean persistent =
                (found & Fields.SAYS_CLOSE) == 0
                        && (!http10 || (found & Fields.SAYS_KEEP_ALIVE) != 0);
        closes = !persistent;
        requestEnded = request.contentLength() == 0;
    }

    // What the connection tells.

    /// The request's way has begun, and may have ended already.
    void listen(StreamListener listener) {
        if (responseEnded) {
            return;
        }
        this.listener = listener;
        if (requestEnded) {
            listener.end(NO_TRAILERS);
        }
    }

    void requestData(ByteBuf data) {
        bodySeen = true;
        if (listener == null || (responseEnded && body != Body.RAW)) {
            data.release();
        } else {
            listener.data(data);
        }
    }

    void requestEnd(HttpHeaders trailers) {
        requestEnded = true;
        if (listener != null && (!responseEnded || body == Body.RAW)) {
            listener.end(trailers);
        }
    }

    /// The connection can serve this exchange no further.
    void broken(StreamReset reset) {
        keptBack = null;
        boolean unfinished = !responseEnded || body == Body.RAW;
        responseEnded = true;
        if (listener != null && unfinished) {
            listener.reset(reset);
        }
    }

    void becameWritable() {
        if (listener != null && !responseEnded) {
            listener.writable();
        }
    }

    /// Writes a head whose body has not come in this turn.
    void flushKeptBack() {
        ResponseHead head = keptBack;
        if (head != null) {
            keptBack = null;
            io.write(response(head));
        }
    }

    // What the other leg tells.

    @Override
    public void informational(ResponseHead head) {
        if (responseEnded || headWritten || http10) {
            return;
        }
        io.write(complete(head, Unpooled.EMPTY_BUFFER));
    }

    @Override
    public void head(ResponseHead head) {
        if (responseEnded || headWritten) {
            return;
        }
        headWritten = true;
        if (opensRaw(head.status())) {
            openRaw(head);
            return;
        }
        frame(head);
        if (body == Body.NONE) {
            connection.expectBodiless();
            io.write(complete(head, Unpooled.EMPTY_BUFFER));
        } else if (body == Body.SIZED && remaining == 0) {
            io.write(complete(head, Unpooled.EMPTY_BUFFER));
        } else if (body == Body.SIZED && remaining <= MAX_JOINED) {
            keptBack = head;
            io.flushSoon();
        } else {
            io.write(response(head));
        }
    }

    @Override
    public void data(ByteBuf data) {
        if (responseEnded || !headWritten || body == Body.NONE || !data.isReadable()) {
            data.release();
            return;
        }
        switch (body) {
            case SIZED -> sizedData(data);
            case CHUNKED, UNTIL_CLOSE -> io.write(new DefaultHttpContent(data));
            case RAW, NONE -> io.write(frames.pass(data));
        }
    }

    @Override
    public void end(HttpHeaders trailers) {
        if (responseEnded || !headWritten) {
            return;
        }
        if (body == Body.SIZED && remaining > 0) {
            reset(new StreamReset(StreamReset.Cause.PROTOCOL, "body shorter than its length"));
            return;
        }
        responseEnded = true;
        switch (body) {
            case CHUNKED -> io.write(last(trailers));
            case UNTIL_CLOSE -> io.write(LastHttpContent.EMPTY_LAST_CONTENT);
            case RAW -> connection.rawOutputEnded();
            case SIZED, NONE -> {}
        }
        if (body != Body.RAW) {
            connection.responseEnded(this);
        }
    }

    @Override
    public void reset(StreamReset reset) {
        if (responseEnded && body != Body.RAW) {
            return;
        }
        flushKeptBack();
        responseEnded = true;
        listener = null;
        connection.responseCut(this, ending());
    }

    @Override
    public boolean isWritable() {
        return !responseEnded && io.isWritable();
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

    @Override
    public void peerIsMeshed() {
        connection.peerIsMeshed();
    }

    @Override
    public void retireConnection() {
        connection.retire();
    }

    // State that the connection asks for.

    boolean isRequestEnded() {
        return requestEnded;
    }

    boolean isHeadWritten() {
        return headWritten;
    }

    boolean isResponseEnded() {
        return responseEnded;
    }

    /// What the plain end of the connection would look like now.
    Ending ending() {
        boolean untilClose = body == Body.UNTIL_CLOSE || body == Body.RAW;
        return headWritten && untilClose ? Ending.LOOKS_COMPLETE : Ending.LOOKS_CUT;
    }

    /// What a WebSocket client is told when the grace ends; null if it cannot be told.
    @Nullable ByteBuf farewell() {
        return responseEnded ? null : frames.farewell();
    }

    boolean closesConnection() {
        return closes;
    }

    /// Named in the list of what a drain still waits for.
    @Override
    public String toString() {
        return request.method() + " " + request.authority() + " on " + connection;
    }

    // How.

    /// Decides how the end of the body is told (RFC 9112 §6.3) and whether the connection persists.
    private void frame(ResponseHead head) {
        HttpHeaders headers = head.headers();
        int status = head.status().code();
        if (request.method().equals(HttpMethod.HEAD) || status == 304) {
            body = Body.NONE;
        } else if (status == 204) {
            body = Body.NONE;
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        } else if (head.contentLength() != RequestHead.UNKNOWN_LENGTH) {
            body = Body.SIZED;
            remaining = head.contentLength();
            if (!headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
                headers.set(HttpHeaderNames.CONTENT_LENGTH, remaining);
            }
        } else {
            headers.remove(HttpHeaderNames.CONTENT_LENGTH);
            body = http10 ? Body.UNTIL_CLOSE : Body.CHUNKED;
            if (!http10) {
                headers.set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
            }
        }
        closes |= body == Body.UNTIL_CLOSE || mustClose();
        if (closes) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        } else if (http10) {
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
        }
    }

    private boolean mustClose() {
        if (!requestEnded && !willEndSoon()) {
            return true;
        }
        return connection.closesAfter(this);
    }

    /// Whether the rest of an early answered request is small enough to be read and thrown away. A
    /// client that waits for 100 (Continue) may leave the body out, so nothing behind the head can
    /// be told apart then (RFC 9110 §10.1.1).
    private boolean willEndSoon() {
        boolean small =
                request.contentLength() != RequestHead.UNKNOWN_LENGTH
                        && request.contentLength() <= MAX_DISCARDED;
        return small && (bodySeen || (found & Fields.EXPECT) == 0);
    }

    private boolean opensRaw(HttpResponseStatus status) {
        return status.code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()
                || (request.method().equals(HttpMethod.CONNECT)
                        && status.codeClass() == HttpStatusClass.SUCCESS);
    }

    private void openRaw(ResponseHead head) {
        body = Body.RAW;
        HttpHeaders headers = head.headers();
        headers.remove(HttpHeaderNames.CONTENT_LENGTH);
        headers.remove(HttpHeaderNames.CONNECTION);
        if (head.status().code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()) {
            frames = WebSocketFrames.of(WebSocketFrames.Sender.SERVER, headers);
            headers.set(HttpHeaderNames.CONNECTION, HttpHeaderNames.UPGRADE);
        }
        requestEnded = false;
        connection.expectBodiless();
        io.write(complete(head, Unpooled.EMPTY_BUFFER));
        connection.openRaw();
    }

    private void sizedData(ByteBuf data) {
        int length = data.readableBytes();
        if (length > remaining) {
            // More than was promised would be read as the next response.
            data.release();
            reset(new StreamReset(StreamReset.Cause.PROTOCOL, "body longer than its length"));
            return;
        }
        remaining -= length;
        ResponseHead head = keptBack;
        if (head == null) {
            io.write(
                    remaining == 0
                            ? new DefaultLastHttpContent(data)
                            : new DefaultHttpContent(data));
        } else if (remaining == 0) {
            keptBack = null;
            io.write(complete(head, data));
        } else {
            flushKeptBack();
            io.write(new DefaultHttpContent(data));
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

    private static Object response(ResponseHead head) {
        return new DefaultHttpResponse(HttpVersion.HTTP_1_1, head.status(), head.headers());
    }

    private static Object complete(ResponseHead head, ByteBuf content) {
        return new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, head.status(), content, head.headers(), NO_TRAILERS);
    }
}
