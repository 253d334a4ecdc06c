package dev.ebb.proxy.application;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// Judges from what can be seen locally whether the application has gone, for the time in which
/// nobody else can tell: its port refuses, and for five seconds there was neither a connection nor
/// an outbound call. Where no sign of an application was ever seen (a TERM during start-up), there
/// is nothing to wait for.
///
/// Where no port is known (a process that only calls others) the traffic alone decides. Pure: time
/// is passed in. Used from one thread.
final class GoneEvidence {

    static final Duration SILENCE = Duration.ofSeconds(5);

    private Port port;
    private boolean everSeen;
    private @Nullable Duration silentSince;
    private long lastOutbound;

    GoneEvidence(Port initially) {
        this.port = initially;
    }

    /// There is a port, after all.
    void known() {
        port = Port.UNKNOWN;
    }

    /// The application's port accepted a connection.
    void open() {
        port = Port.OPEN;
        everSeen = true;
    }

    /// The application's port refused a connection.
    void refused() {
        port = Port.REFUSES;
    }

    /// Looks at the traffic; to be called every second, and before [#gone] is asked.
    void observe(int connections, long outboundConnectionsEver, Duration now) {
        boolean quiet = connections == 0 && outboundConnectionsEver == lastOutbound;
        lastOutbound = outboundConnectionsEver;
        if (!quiet) {
            silentSince = null;
            everSeen = true;
        } else if (silentSince == null) {
            silentSince = now;
        }
    }

    boolean gone(Duration now) {
        return switch (port) {
            case NONE, REFUSES -> !everSeen || silent(now);
            case UNKNOWN, OPEN -> false;
        };
    }

    private boolean silent(Duration now) {
        return silentSince != null && now.minus(silentSince).compareTo(SILENCE) >= 0;
    }

    /// What is known of the application's port.
    enum Port {
        /// There is none to watch.
        NONE,
        /// It has not been tried yet.
        UNKNOWN,
        /// It accepted last time.
        OPEN,
        /// It refused last time.
        REFUSES
    }
}
