package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.StreamReset;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.util.AsciiString;

/// Why a request is refused, or given up, by the adapter itself; the connection ends with it.
enum Rejection {
    REQUEST_LINE(400, "bad-request-line"),
    TARGET(400, "bad-request-target"),
    REQUEST_LINE_TOO_LONG(414, "request-line-too-long"),
    VERSION(505, "http-version-not-supported"),
    FIELD(400, "bad-header"),
    FIELDS_TOO_LARGE(431, "request-headers-too-large"),
    HOST(400, "bad-host"),
    CONTENT_LENGTH(400, "bad-content-length"),
    LENGTH_AND_CODING(400, "both-content-length-and-transfer-encoding"),
    TRANSFER_CODING(501, "unknown-transfer-coding"),
    TRANSFER_ENCODING(400, "bad-transfer-encoding"),
    CHUNK(400, "bad-chunk"),
    OVERLOADED(503, "overloaded"),
    HEAD_TIMEOUT(408, "request-head-timeout"),
    GRACE_EXPIRED(504, "grace-expired");

    private static final AsciiString PROXY_ERROR = AsciiString.cached("ebb-proxy-error");

    private final int status;
    private final String reason;

    Rejection(int status, String reason) {
        this.status = status;
        this.reason = reason;
    }

    HttpResponseStatus status() {
        return HttpResponseStatus.valueOf(status);
    }

    /// The class of the cause.
    StreamReset.Cause cause() {
        return switch (this) {
            case HEAD_TIMEOUT -> StreamReset.Cause.TIMEOUT;
            case OVERLOADED -> StreamReset.Cause.OVERLOADED;
            case GRACE_EXPIRED -> StreamReset.Cause.GRACE_EXPIRED;
            case REQUEST_LINE,
                    TARGET,
                    REQUEST_LINE_TOO_LONG,
                    VERSION,
                    FIELD,
                    FIELDS_TOO_LARGE,
                    HOST,
                    CONTENT_LENGTH,
                    LENGTH_AND_CODING,
                    TRANSFER_CODING,
                    TRANSFER_ENCODING,
                    CHUNK ->
                    StreamReset.Cause.PROTOCOL;
        };
    }

    /// What `ebb-proxy-error` says.
    String reason() {
        return reason;
    }

    /// The whole answer, as it is encoded.
    FullHttpResponse response() {
        FullHttpResponse response =
                new DefaultFullHttpResponse(HttpVersion.HTTP_1_1, status(), Unpooled.EMPTY_BUFFER);
        response.headers()
                .set(HttpHeaderNames.CONTENT_LENGTH, HttpHeaderValues.ZERO)
                .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE)
                .set(PROXY_ERROR, reason);
        return response;
    }
}
