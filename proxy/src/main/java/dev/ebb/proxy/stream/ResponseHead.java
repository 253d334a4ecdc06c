package dev.ebb.proxy.stream;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpStatusClass;

/// The head of one response, final or interim (1xx), whatever protocol carried it. Fields of one
/// hop only are treated as in [RequestHead].
///
/// @param status the status
/// @param headers the fields; owned by the stream from here on and changed in place
/// @param contentLength body length in bytes, 0 when there is no body (also for HEAD, 204, 304,
///   whatever `Content-Length` says), [RequestHead#UNKNOWN_LENGTH] when it is streamed
public record ResponseHead(HttpResponseStatus status, HttpHeaders headers, long contentLength) {

    /// Whether this turns both directions into raw bytes: a 101, or a 2xx to a CONNECT.
    ///
    /// @param asked the request's method
    public boolean switchesProtocol(HttpMethod asked) {
        return status.code() == HttpResponseStatus.SWITCHING_PROTOCOLS.code()
                || (asked.equals(HttpMethod.CONNECT)
                        && status.codeClass() == HttpStatusClass.SUCCESS);
    }
}
