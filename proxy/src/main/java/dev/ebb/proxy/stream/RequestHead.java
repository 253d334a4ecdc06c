package dev.ebb.proxy.stream;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;

/// The head of one request, whatever protocol carried it.
///
/// What concerns one hop only has been taken off by the adapter that read it, and is put on by the
/// adapter that writes it (RFC 9110 §7.6.1): `Connection` and the fields that it names,
/// `Keep-Alive`, `Proxy-Connection`, `Transfer-Encoding`, `TE` other than `trailers`. `Upgrade`
/// stays exactly when the request asks for an upgrade that may be relayed. `Content-Length` stays.
///
/// @param method the method
/// @param target the request target as it was sent: origin form, absolute form, authority form
///   (CONNECT) or `*`
/// @param authority host and optional port asked for, from the absolute target or the `Host`
///   header; empty if none
/// @param headers the fields; owned by the stream from here on and changed in place
/// @param contentLength body length in bytes, 0 when there is no body, [#UNKNOWN_LENGTH] when it is
///   streamed
public record RequestHead(
        HttpMethod method,
        String target,
        String authority,
        HttpHeaders headers,
        long contentLength) {

    /// The body's length is only known at its end.
    public static final long UNKNOWN_LENGTH = -1;
}
