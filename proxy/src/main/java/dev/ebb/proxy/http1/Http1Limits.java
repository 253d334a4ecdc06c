package dev.ebb.proxy.http1;

import io.netty.handler.codec.http.HttpDecoderConfig;
import java.time.Duration;

/// What a peer may make an HTTP/1 connection hold or wait for.
///
/// @param startLine bytes of a request line or status line
/// @param headers bytes of all fields of one message, and of its trailers
/// @param headTime from the first byte of a request to the end of its head
/// @param idleTime without a request, after which a downstream connection is closed
public record Http1Limits(int startLine, int headers, Duration headTime, Duration idleTime) {

    /// What is used where nothing else is configured.
    public static final Http1Limits DEFAULTS =
            new Http1Limits(8 << 10, 64 << 10, Duration.ofSeconds(10), Duration.ofHours(1));

    /// Larger pieces of a body only make reads and writes uneven; smaller ones cost objects.
    private static final int MAX_PIECE = 64 << 10;

    /// The largest head of all must fit in, whatever else there is.
    private static final long LEAST_HEADS = 1 << 20;

    public Http1Limits {
        if (startLine <= 0 || headers <= 0) {
            throw new IllegalArgumentException(
                    "limits: " + startLine + ", " + headers + " bytes (expected: > 0)");
        }
        if (!headTime.isPositive() || !idleTime.isPositive()) {
            throw new IllegalArgumentException(
                    "limits: " + headTime + ", " + idleTime + " (expected: > 0s)");
        }
    }

    /// What the heads of requests may hold on each event loop, in bytes of the heap, which they
    /// share with all else: a quarter altogether.
    public static long heads(int loops) {
        return Math.max(LEAST_HEADS, Runtime.getRuntime().maxMemory() / 4 / loops);
    }

    /// The same limits with other times.
    public Http1Limits within(Duration otherHeadTime, Duration otherIdleTime) {
        return new Http1Limits(startLine, headers, otherHeadTime, otherIdleTime);
    }

    /// Every check that the codec has is on, whatever system properties say.
    HttpDecoderConfig decoderConfig() {
        return new HttpDecoderConfig()
                .setMaxInitialLineLength(startLine)
                .setMaxHeaderSize(headers)
                .setMaxChunkSize(MAX_PIECE)
                .setHeadersFactory(BoundedHeaders.FACTORY)
                .setTrailersFactory(BoundedHeaders.FACTORY)
                .setStrictLineParsing(true)
                .setUseRfc9112TransferEncoding(true)
                .setAllowDuplicateContentLengths(false);
    }
}
