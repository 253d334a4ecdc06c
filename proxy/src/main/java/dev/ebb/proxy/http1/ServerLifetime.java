package dev.ebb.proxy.http1;

import static java.util.Objects.requireNonNull;

import dev.ebb.drain.DrainLease;
import dev.ebb.proxy.drain.ConnectionEnd;
import dev.ebb.proxy.drain.Drainable;
import dev.ebb.proxy.stream.LoopTick;
import io.netty.channel.Channel;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What time, retirement and a drain do to one downstream connection.
///
/// Time: a request head must be complete within its limit, an idle connection is closed after its
/// own. Retirement and drain: the response to the last request that had been read carries
/// `Connection: close`. Drain: a connection that is idle between requests is half-closed unless its
/// client is an Ebb proxy, which closes it itself, and is waited for until it has been sent
/// everything; one whose first request is still coming gets a moment for it.
final class ServerLifetime implements Drainable {

    /// What a drain grants to a request that has not come, or not completely.
    static final Duration PATIENCE = Duration.ofSeconds(1);

    /// Idle connections keep less than this of their longest line.
    private static final int LARGE_HEAD = 8 << 10;

    private final Http1ServerConnection connection;
    private final Http1ServerPipeline.Shared shared;
    private final RequestDecoder decoder;
    private @Nullable Channel channel;
    private boolean meshed;
    private boolean served;
    private boolean retiring;

    /// How many bytes had been read when the connection began to retire.
    private long batchEnd;

    /// What the current head holds of the loop's budget.
    private long charged;

    private long idleSince;
    private LoopTick.@Nullable Timeout idleTimeout;
    private LoopTick.@Nullable Timeout headTimeout;
    private @Nullable DrainLease lease;
    private @Nullable HalfClosedClient halfClosed;

    ServerLifetime(
            Http1ServerConnection connection,
            Http1ServerPipeline.Shared shared,
            RequestDecoder decoder) {
        this.connection = connection;
        this.shared = shared;
        this.decoder = decoder;
    }

    /// @param channel of the connection, which has been accepted
    void begin(Channel channel) {
        this.channel = channel;
        idleSince = shared.tick().now();
        idleTimeout = shared.tick().after(shared.limits().idleTime(), this::checkIdle);
        shared.drain().join(this);
    }

    /// A read batch has ended; is a head under way?
    void readComplete() {
        if (!decoder.isInHead() || connection.isEnding()) {
            return;
        }
        if (!charge(BoundedHeaders.weight(decoder.headBytes()))) {
            connection.reject(Rejection.OVERLOADED);
        } else if (headTimeout == null) {
            Duration limit = shared.drain().isDraining() ? PATIENCE : shared.limits().headTime();
            headTimeout = shared.tick().after(limit, this::headTimedOut);
        }
    }

    /// A head is complete, or will never be.
    void headEnded() {
        if (headTimeout != null) {
            headTimeout.cancel();
            headTimeout = null;
        }
    }

    /// A head is complete: may it be held for as long as its request lasts?
    ///
    /// The codec keeps an array as long as the longest line for the life of the connection, so
    /// after a large head that life ends.
    boolean admits(int fields) {
        if (decoder.headBytes() > LARGE_HEAD) {
            retire();
        }
        return charge(BoundedHeaders.weight(decoder.headBytes(), fields));
    }

    /// A request has been accepted.
    void requestBegun() {
        served = true;
        if (shared.drain().isDraining()) {
            hold();
        }
    }

    void responseEnded() {
        charged = shared.heads().change(charged, 0);
        idleSince = shared.tick().now();
    }

    /// An exchange is complete, both ways, and its client was not told to go.
    void idle() {
        if (shared.drain().isDraining()
                && !connection.isBusy()
                && !connection.isEnding()
                && !decoder.willDecodeMore()) {
            drain();
        }
    }

    void peerIsMeshed() {
        meshed = true;
    }

    /// The client is to use another connection from now on.
    void retire() {
        if (!retiring) {
            retiring = true;
            batchEnd = decoder.fed();
        }
    }

    /// Whether the response whose head is about to be written is the connection's last: when it
    /// retires, that is the response to the last of the requests that had been read by then. What
    /// is pipelined behind it is provably unread, since a client must not take anything behind a
    /// `close` for received (RFC 9112 §9.6).
    boolean closesAfter(ServerExchange exchange) {
        if (shared.drain().isDraining()) {
            retire();
        }
        return retiring && (!exchange.isRequestEnded() || decoder.consumed() >= batchEnd);
    }

    @Override
    public void drain() {
        retire();
        if (connection.isBusy() || connection.isEnding()) {
            hold();
        } else if (decoder.isInHead() || !served) {
            hold();
            headEnded();
            headTimeout = shared.tick().after(PATIENCE, this::headTimedOut);
        } else if (meshed) {
            holdUntilWritten();
            letGo();
        } else {
            hold();
            connection.linger();
        }
    }

    @Override
    public void cut() {
        connection.cut();
    }

    @Override
    public boolean mayBringRequest() {
        return (meshed || !served) && !connection.isBusy() && !connection.isEnding();
    }

    /// The client has ended its half while its request is served; its last response will be the
    /// connection's.
    void inputEnded(HalfClosedClient client) {
        retire();
        halfClosed = client;
        client.watch();
    }

    /// Nothing is waited for any more that the client could have left.
    void stopWatching() {
        if (halfClosed != null) {
            halfClosed.end();
        }
    }

    /// The connection is closed. Idempotent.
    void end() {
        headEnded();
        stopWatching();
        charged = shared.heads().change(charged, 0);
        if (idleTimeout != null) {
            idleTimeout.cancel();
        }
        shared.drain().leave(this);
        letGo();
    }

    /// Names it in the list of what a drain still waits for.
    @Override
    public String toString() {
        return connection.work();
    }

    private boolean charge(long wanted) {
        charged = shared.heads().change(charged, wanted);
        return charged == wanted;
    }

    private void hold() {
        if (lease == null) {
            lease = shared.drain().hold(this);
        }
    }

    /// A client that reads slowly may have to be sent the end of a response that is complete here.
    private void holdUntilWritten() {
        DrainLease unwritten = shared.drain().hold(this);
        var _ = ConnectionEnd.written(requireNonNull(channel)).addListener(_ -> unwritten.close());
    }

    private void letGo() {
        if (lease != null) {
            lease.close();
            lease = null;
        }
    }

    private void headTimedOut() {
        headTimeout = null;
        if (decoder.isInHead()) {
            connection.reject(Rejection.HEAD_TIMEOUT);
        } else if (!connection.isBusy()) {
            connection.linger();
        }
    }

    private void checkIdle() {
        Duration idleTime = shared.limits().idleTime();
        long idle = connection.isBusy() ? 0 : shared.tick().now() - idleSince;
        Duration left = idleTime.minusNanos(idle);
        if (left.isPositive()) {
            idleTimeout = shared.tick().after(left, this::checkIdle);
        } else {
            connection.linger();
        }
    }
}
