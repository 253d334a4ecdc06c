package dev.ebb.proxy.http1;

import dev.ebb.proxy.stream.RequestHead;
import io.netty.handler.codec.http.ContentLengthNotAllowedException;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.codec.http.TransferEncodingNotAllowedException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Which decoded requests are passed on: those whose meaning and end no two readers can see
/// differently (RFC 9112 §3, §5, §6). Netty's decoder has refused most of the rest before.
final class RequestRules {

    /// What Netty puts in place of a request line that it could not read.
    private static final String UNREADABLE = "/bad-request";

    private RequestRules() {}

    /// Why the request is refused; null if it is not.
    ///
    /// @param found what [Fields#scan] found in it
    static @Nullable Rejection refusal(HttpRequest request, int found) {
        if (request.decoderResult().isFailure()) {
            return classify(request, request.decoderResult().cause());
        }
        Rejection framing = refuseFraming(request, found);
        if (framing != null) {
            return framing;
        }
        if (!isTarget(request.method(), request.uri())) {
            return Rejection.TARGET;
        }
        return refuseHost(request, found);
    }

    /// The head of a request that is not refused.
    static RequestHead head(HttpRequest request, int found) {
        HttpHeaders headers = request.headers();
        String target = request.uri();
        String authority;
        if (request.method().equals(HttpMethod.CONNECT)) {
            authority = target;
        } else if (isAbsolute(target)) {
            // RFC 9112 §3.2.2: the target's authority replaces the received Host.
            authority = authorityOf(target);
            headers.set(HttpHeaderNames.HOST, authority);
        } else {
            String host = headers.get(HttpHeaderNames.HOST);
            authority = host == null ? "" : host;
        }
        return new RequestHead(
                request.method(), target, authority, headers, contentLength(headers, found));
    }

    /// Whether a request of HTTP/1.1 may ask for another protocol. An upgrade beside a body would
    /// leave open where the raw bytes begin; h2c asks for what only the next hop could answer.
    ///
    /// @param found what [Fields#scan] and [Fields#stripHop] found in it
    static boolean mayUpgrade(RequestHead head, int found) {
        return (found & Fields.SAYS_UPGRADE) != 0
                && head.contentLength() == 0
                && !head.headers().containsValue(HttpHeaderNames.UPGRADE, "h2c", true);
    }

    /// Whether the transfer coding is the one that we can take off.
    static boolean isChunkedOnly(HttpHeaders headers) {
        List<String> fields = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return fields.size() == 1
                && HttpHeaderValues.CHUNKED.contentEqualsIgnoreCase(fields.get(0).trim());
    }

    private static long contentLength(HttpHeaders headers, int found) {
        if ((found & Fields.TRANSFER_ENCODING) != 0) {
            return RequestHead.UNKNOWN_LENGTH;
        }
        if ((found & Fields.CONTENT_LENGTH) != 0) {
            return Long.parseLong(headers.get(HttpHeaderNames.CONTENT_LENGTH, "0"));
        }
        return 0;
    }

    private static @Nullable Rejection refuseFraming(HttpRequest request, int found) {
        HttpVersion version = request.protocolVersion();
        if (!version.equals(HttpVersion.HTTP_1_1) && !version.equals(HttpVersion.HTTP_1_0)) {
            return Rejection.VERSION;
        }
        if ((found & Fields.TRANSFER_ENCODING) != 0) {
            Rejection coding = refuseCodings(request.headers());
            if (coding != null) {
                return coding;
            }
        }
        // A draft of WebSocket put eight bytes behind the head, without a length; Netty still reads
        // them as a body, hardly anyone else does.
        if ((found & Fields.OLD_WEBSOCKET_KEY) != 0) {
            return Rejection.FIELD;
        }
        if (request.method().equals(HttpMethod.CONNECT)
                && contentLength(request.headers(), found) != 0) {
            return Rejection.CONTENT_LENGTH;
        }
        return null;
    }

    private static @Nullable Rejection refuseHost(HttpRequest request, int found) {
        if ((found & Fields.MANY_HOSTS) != 0) {
            return Rejection.HOST;
        }
        if ((found & Fields.HOST) == 0) {
            // RFC 9112 §3.2: a 1.1 request without Host is answered 400.
            return request.protocolVersion().equals(HttpVersion.HTTP_1_1) ? Rejection.HOST : null;
        }
        String host = request.headers().get(HttpHeaderNames.HOST, "");
        return isAuthority(host) ? null : Rejection.HOST;
    }

    private static @Nullable Rejection refuseCodings(HttpHeaders headers) {
        if (isChunkedOnly(headers)) {
            return null;
        }
        List<String> fields = headers.getAll(HttpHeaderNames.TRANSFER_ENCODING);
        boolean onlyChunked =
                fields.stream()
                        .flatMap(field -> List.of(field.split(",", -1)).stream())
                        .map(String::trim)
                        .allMatch(HttpHeaderValues.CHUNKED::contentEqualsIgnoreCase);
        return onlyChunked ? Rejection.TRANSFER_ENCODING : Rejection.TRANSFER_CODING;
    }

    /// The decoder tells the kind of failure by its exception, and how far it came by the message.
    private static Rejection classify(HttpRequest request, Throwable cause) {
        HttpHeaders headers = request.headers();
        if (cause instanceof TooLongHttpLineException) {
            return Rejection.REQUEST_LINE_TOO_LONG;
        }
        if (cause instanceof TooLongHttpHeaderException) {
            return Rejection.FIELDS_TOO_LARGE;
        }
        if (cause instanceof ContentLengthNotAllowedException) {
            return Rejection.LENGTH_AND_CODING;
        }
        if (cause instanceof TransferEncodingNotAllowedException) {
            return Rejection.TRANSFER_ENCODING;
        }
        if (request.uri().equals(UNREADABLE) && headers.isEmpty()) {
            return Rejection.REQUEST_LINE;
        }
        boolean codings = headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
        if (codings && headers.contains(HttpHeaderNames.CONTENT_LENGTH)) {
            return Rejection.LENGTH_AND_CODING;
        }
        Rejection coding = codings ? refuseCodings(headers) : null;
        if (coding != null) {
            return coding;
        }
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                ? Rejection.CONTENT_LENGTH
                : Rejection.FIELD;
    }

    private static boolean isTarget(HttpMethod method, String target) {
        for (int i = 0; i < target.length(); i++) {
            char c = target.charAt(i);
            if (c <= ' ' || c == 0x7f) {
                return false;
            }
        }
        if (method.equals(HttpMethod.CONNECT)) {
            return target.lastIndexOf(':') > 0 && isAuthority(target);
        }
        if (target.startsWith("/")) {
            return true;
        }
        if (target.equals("*")) {
            return method.equals(HttpMethod.OPTIONS);
        }
        return isAbsolute(target) && isAbsoluteAuthority(authorityOf(target));
    }

    private static boolean isAbsoluteAuthority(String authority) {
        return !authority.isEmpty() && isAuthority(authority);
    }

    private static boolean isAbsolute(String target) {
        return target.regionMatches(true, 0, "http://", 0, 7)
                || target.regionMatches(true, 0, "https://", 0, 8);
    }

    private static String authorityOf(String absolute) {
        int start = absolute.indexOf("://") + 3;
        int end = start;
        while (end < absolute.length() && "/?#".indexOf(absolute.charAt(end)) < 0) {
            end++;
        }
        return absolute.substring(start, end);
    }

    /// The characters of RFC 3986 §3.2.2 host and port. No user information: the name before an `@`
    /// is taken for the host by some readers and not by others.
    private static boolean isAuthority(String authority) {
        for (int i = 0; i < authority.length(); i++) {
            char c = authority.charAt(i);
            boolean plain =
                    (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= ':');
            if (!plain && "-._~%[]!$&'()*+;=".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
