package dev.ebb.proxy.stream;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponseStatus;

/// The head of one response, final or interim (1xx), whatever protocol carried it. Fields of one
/// hop only are treated as in [RequestHead].
///
/// @param status the status
/// @param headers the fields; owned by the stream from here on and changed in place
/// @param contentLength body length in bytes, 0 when there is no body (also for HEAD, 204, 304,
///   whatever `Content-Length` says), [RequestHead#UNKNOWN_LENGTH] when it is streamed
public record ResponseHead(HttpResponseStatus status, HttpHeaders headers, long contentLength) {}
