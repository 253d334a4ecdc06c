package dev.ebb.proxy.upstream;

import java.time.Duration;

/// What the pool of one endpoint may hold, on each event loop.
///
/// @param connections open and connecting ones together
/// @param idle connections without a request
/// @param waiting requests without a connection
/// @param idleTime after this an idle connection is closed, never used again
/// @param waitTime after this a request without a connection fails
public record PoolLimits(
        int connections, int idle, int waiting, Duration idleTime, Duration waitTime) {

    private static final int CONNECTIONS = 1_024;
    private static final int WAITING = 1_024;
    private static final Duration WAIT_TIME = Duration.ofSeconds(3);

    public PoolLimits {
        atLeast("connections", connections, 1);
        atLeast("idle", idle, 0);
        atLeast("waiting", waiting, 1);
    }

    /// Towards an application without a proxy, the local one or another, which may close an idle
    /// connection whenever it likes: a request that crosses such a close on its way cannot be
    /// proved undelivered, so connections are not left idle for long.
    public static PoolLimits towardsApplication() {
        return new PoolLimits(CONNECTIONS, 512, WAITING, Duration.ofSeconds(1), WAIT_TIME);
    }

    /// Towards peers, whose proxies leave it to this side to close.
    public static PoolLimits towardsPeers() {
        return new PoolLimits(CONNECTIONS, 512, WAITING, Duration.ofSeconds(30), WAIT_TIME);
    }

    private static void atLeast(String name, int value, int least) {
        if (value < least) {
            throw new IllegalArgumentException(
                    name + ": " + value + " (expected: >= " + least + ")");
        }
    }
}
