package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.ResponseHead;
import dev.ebb.proxy.stream.ServerStream;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpHeadersFactory;
import io.netty.handler.codec.http.EmptyHttpHeaders;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;

/// The one table of what a [ProxyError] becomes: for the caller, the metrics and the access log.
public final class ErrorResponses {

    /// One line of the table.
    ///
    /// @param status what the caller gets
    /// @param reason the value of `ebb-proxy-error`, and the metric label
    /// @param termination what the access log says
    /// @param text for people, the response's body
    public record Answer(
            HttpResponseStatus status, String reason, Termination termination, String text) {}

    private static final Answer NO_AUTHORITY =
            new Answer(
                    HttpResponseStatus.BAD_REQUEST,
                    "no_authority",
                    Termination.DOWNSTREAM_PROTOCOL,
                    "The request has no Host and no authority.");
    private static final Answer LOOP =
            new Answer(
                    HttpResponseStatus.FORBIDDEN,
                    "loop",
                    Termination.LOOP,
                    "The request would reach the proxy itself.");
    private static final Answer UNKNOWN_DESTINATION =
            new Answer(
                    HttpResponseStatus.BAD_GATEWAY,
                    "unknown_destination",
                    Termination.NO_ROUTE,
                    "The destination is not known to the mesh.");
    private static final Answer NO_ENDPOINT =
            new Answer(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "no_endpoint",
                    Termination.NO_ENDPOINT,
                    "Nothing serves the destination now.");
    private static final Answer DISCOVERY_UNAVAILABLE =
            new Answer(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "discovery_unavailable",
                    Termination.NO_ENDPOINT,
                    "The control plane has not said yet where the destination is.");
    private static final Answer OVERLOADED =
            new Answer(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "overloaded",
                    Termination.OVERLOADED,
                    "Too many requests wait for a connection.");
    private static final Answer CONNECT_FAILED =
            new Answer(
                    HttpResponseStatus.BAD_GATEWAY,
                    "connect_failed",
                    Termination.CONNECT_FAILED,
                    "No connection could be made.");
    private static final Answer CONNECT_TIMEOUT =
            new Answer(
                    HttpResponseStatus.GATEWAY_TIMEOUT,
                    "connect_timeout",
                    Termination.CONNECT_FAILED,
                    "No connection was made in time.");
    private static final Answer UPSTREAM_RESET =
            new Answer(
                    HttpResponseStatus.BAD_GATEWAY,
                    "upstream_reset",
                    Termination.UPSTREAM_RESET,
                    "The connection broke off before the response.");
    private static final Answer UPSTREAM_PROTOCOL =
            new Answer(
                    HttpResponseStatus.BAD_GATEWAY,
                    "upstream_protocol",
                    Termination.UPSTREAM_PROTOCOL,
                    "The response was not understood.");
    private static final Answer UPSTREAM_TIMEOUT =
            new Answer(
                    HttpResponseStatus.GATEWAY_TIMEOUT,
                    "upstream_timeout",
                    Termination.UPSTREAM_TIMEOUT,
                    "The response did not begin in time.");
    private static final Answer LEAVING =
            new Answer(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "leaving",
                    Termination.LEAVING,
                    "The application is stopping.");
    private static final Answer NOT_DELIVERED =
            new Answer(
                    HttpResponseStatus.SERVICE_UNAVAILABLE,
                    "not_delivered",
                    Termination.NOT_DELIVERED,
                    "The request did not reach the application.");

    private ErrorResponses() {}

    /// The line of an error.
    public static Answer of(ProxyError error) {
        return switch (error) {
            case ProxyError.NoAuthority _ -> NO_AUTHORITY;
            case ProxyError.Loop _ -> LOOP;
            case ProxyError.UnknownDestination _ -> UNKNOWN_DESTINATION;
            case ProxyError.NoEndpoint _ -> NO_ENDPOINT;
            case ProxyError.DiscoveryUnavailable _ -> DISCOVERY_UNAVAILABLE;
            case ProxyError.Overloaded _ -> OVERLOADED;
            case ProxyError.ConnectFailed _ -> CONNECT_FAILED;
            case ProxyError.ConnectTimeout _ -> CONNECT_TIMEOUT;
            case ProxyError.UpstreamReset _ -> UPSTREAM_RESET;
            case ProxyError.UpstreamProtocol _ -> UPSTREAM_PROTOCOL;
            case ProxyError.UpstreamTimeout _ -> UPSTREAM_TIMEOUT;
            case ProxyError.Leaving _ -> LEAVING;
            case ProxyError.NotDelivered _ -> NOT_DELIVERED;
        };
    }

    /// The head that the caller gets; more fields may be added to it.
    public static ResponseHead head(ProxyError error, HttpMethod method) {
        Answer answer = of(error);
        int length = answer.text().length() + 1;
        HttpHeaders headers =
                DefaultHttpHeadersFactory.headersFactory()
                        .newHeaders()
                        .set(PrivateHeaders.PROXY_ERROR, answer.reason())
                        .set(HttpHeaderNames.CONTENT_TYPE, "text/plain")
                        .set(HttpHeaderNames.CONTENT_LENGTH, length);
        if (error instanceof ProxyError.NotDelivered notDelivered) {
            headers.set(PrivateHeaders.NOT_DELIVERED, notDelivered.uid());
        }
        boolean bodyless = method.equals(HttpMethod.HEAD);
        return new ResponseHead(answer.status(), headers, bodyless ? 0 : length);
    }

    /// Writes what follows the head.
    public static void sendBody(ProxyError error, ResponseHead head, ServerStream stream) {
        if (head.contentLength() > 0) {
            stream.data(body(error));
        }
        stream.end(EmptyHttpHeaders.INSTANCE);
    }

    private static ByteBuf body(ProxyError error) {
        return Unpooled.copiedBuffer(of(error).text() + "\n", StandardCharsets.US_ASCII);
    }
}
