package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.StreamReset;

/// How the way of a request ended, as the access log says it: Envoy's response flags where it has
/// one for the case, so that people and tools know them.
public enum Termination {
    /// A complete response went through.
    COMPLETE("-"),
    /// The caller went away.
    DOWNSTREAM_GONE("DC"),
    /// The caller broke the protocol.
    DOWNSTREAM_PROTOCOL("DPE"),
    /// The caller was too slow.
    DOWNSTREAM_TIMEOUT("DT"),
    /// Nobody knows the destination.
    NO_ROUTE("NR"),
    /// Nothing serves the destination.
    NO_ENDPOINT("UH"),
    /// Queues or connections are at their limit.
    OVERLOADED("UO"),
    /// No upstream connection.
    CONNECT_FAILED("UF"),
    /// The upstream connection broke off.
    UPSTREAM_RESET("UC"),
    /// The upstream peer broke the protocol.
    UPSTREAM_PROTOCOL("UPE"),
    /// The upstream peer was too slow.
    UPSTREAM_TIMEOUT("UT"),
    /// Cut by this proxy at the end of the grace.
    CUT("LR"),
    /// It would have reached this proxy itself; Ebb's own.
    LOOP("LOOP"),
    /// The application is stopping; Ebb's own.
    LEAVING("LEAVING"),
    /// Handed back to the client's proxy; Ebb's own.
    NOT_DELIVERED("ND");

    private final String flag;

    Termination(String flag) {
        this.flag = flag;
    }

    /// How it ends when the upstream leg broke off.
    public static Termination ofUpstream(StreamReset reset) {
        return switch (reset.cause()) {
            case PROTOCOL -> UPSTREAM_PROTOCOL;
            case TIMEOUT -> UPSTREAM_TIMEOUT;
            case GRACE_EXPIRED -> CUT;
            case NOT_SENT, PEER_CLOSED, OVERLOADED, CANCELLED -> UPSTREAM_RESET;
        };
    }

    /// How it ends when the downstream leg broke off.
    public static Termination ofDownstream(StreamReset reset) {
        return switch (reset.cause()) {
            case PROTOCOL -> DOWNSTREAM_PROTOCOL;
            case TIMEOUT -> DOWNSTREAM_TIMEOUT;
            case GRACE_EXPIRED -> CUT;
            case OVERLOADED -> OVERLOADED;
            case NOT_SENT, PEER_CLOSED, CANCELLED -> DOWNSTREAM_GONE;
        };
    }

    /// What the log line says.
    public String flag() {
        return flag;
    }
}
