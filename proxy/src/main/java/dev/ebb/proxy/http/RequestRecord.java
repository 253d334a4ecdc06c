package dev.ebb.proxy.http;

import dev.ebb.proxy.metrics.RequestMetrics;
import dev.ebb.proxy.stream.RequestHead;
import dev.ebb.proxy.stream.StreamReset;
import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/// What is noted of one request on its way, for metrics and access log. Belongs to one event loop.
public final class RequestRecord {

    private final AccessLog log;
    private final String direction;
    private final @Nullable SocketAddress client;
    private final RequestHead head;
    private final long startedAt;

    private @Nullable RequestMetrics metrics;
    private @Nullable SocketAddress endpoint;
    private int status;
    private int attempts;
    private long requestBytes;
    private long responseBytes;
    private boolean ended;

    /// @param direction `inbound` or `outbound`
    /// @param client the downstream peer
    /// @param now from a monotonic clock, in nanoseconds
    public RequestRecord(
            AccessLog log,
            String direction,
            @Nullable SocketAddress client,
            RequestHead head,
            long now) {
        this.log = log;
        this.direction = direction;
        this.client = client;
        this.head = head;
        startedAt = now;
    }

    /// It is known where the request is counted; further calls change nothing.
    public void countedBy(RequestMetrics metrics) {
        if (this.metrics == null) {
            this.metrics = metrics;
            metrics.request();
        }
    }

    /// An endpoint was chosen.
    public void attempt(SocketAddress endpoint) {
        this.endpoint = endpoint;
        attempts++;
    }

    /// How many times an endpoint was chosen.
    public int attempts() {
        return attempts;
    }

    /// Body bytes came from the client.
    public void requestBytes(int bytes) {
        requestBytes += bytes;
    }

    /// Body bytes went to the client.
    public void responseBytes(int bytes) {
        responseBytes += bytes;
    }

    /// The final head went to the client.
    public void status(int status) {
        this.status = status;
    }

    /// The adapter has answered instead, if it could.
    public void answered(StreamReset reset) {
        if (reset.answered() != 0) {
            status = reset.answered();
        }
    }

    /// Whether [#end] was called.
    public boolean isEnded() {
        return ended;
    }

    /// The way of the request is over; counts and logs it. Called once.
    public void end(Termination termination, long now) {
        ended = true;
        long took = now - startedAt;
        if (metrics != null) {
            metrics.response(status, took);
        }
        if (log.isOn()) {
            log.add(entry(termination, took));
        }
    }

    private AccessLogEntry entry(Termination termination, long took) {
        return new AccessLogEntry(
                System.currentTimeMillis(),
                direction,
                client,
                endpoint,
                head.method().name(),
                head.authority(),
                head.target(),
                status,
                took,
                requestBytes,
                responseBytes,
                attempts,
                termination);
    }
}
