package dev.ebb.proxy.upstream;

import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.upstream.AcquireFailure.Reason;
import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The connections of one event loop to one endpoint.
///
/// A request gets an idle connection, the youngest first, or waits for the first that is made or
/// becomes free. Everything is bounded by [PoolLimits]. All methods and callbacks run on the event
/// loop; callbacks may come before the method that causes them returns.
public final class EndpointPool {

    private final InetSocketAddress address;
    private final Dialer dialer;
    private final Composer composer;
    private final LoopTick tick;
    private final PoolLimits limits;

    /// Youngest first.
    private final Deque<Pooled> idle = new ArrayDeque<>();

    private final WaitQueue<Waiter> waiting;

    private final Set<PendingDial> dials = new LinkedHashSet<>();

    /// Connections that still take requests, idle or not.
    private int open;

    /// Dials that are made for requests that wait here.
    private int pooledDials;

    /// A connection that was made in an earlier epoch is not used again.
    private int epoch;

    private boolean closed;
    private LoopTick.@Nullable Timeout idleCheck;

    /// @param composer puts the protocol onto a new connection
    public EndpointPool(
            InetSocketAddress address,
            Dialer dialer,
            Composer composer,
            LoopTick tick,
            PoolLimits limits) {
        this.address = address;
        this.dialer = dialer;
        this.composer = composer;
        this.tick = tick;
        this.limits = limits;
        waiting = new WaitQueue<>(tick, limits.waiting(), limits.waitTime(), this::waitedTooLong);
    }

    /// Puts the protocol onto a new connection.
    @FunctionalInterface
    public interface Composer {
        /// The channel is connected and has read nothing yet.
        ClientConnection compose(Channel channel, ClientConnection.Owner owner);
    }

    /// Who waits for a connection.
    public interface Waiter {

        /// Use it now: it is free only during this call.
        void connected(ClientConnection connection);

        /// There will be none.
        void failed(AcquireFailure failure);
    }

    /// The endpoint's address.
    public InetSocketAddress address() {
        return address;
    }

    /// How many requests wait for a connection.
    public int waiting() {
        return waiting.size();
    }

    /// Finds a connection; exactly one call of `waiter` follows unless it is [#forget].
    public void acquire(Waiter waiter) {
        Pooled connection = takeIdle();
        if (connection != null) {
            waiter.connected(connection.connection());
        } else if (closed) {
            waiter.failed(failure(Reason.VACATED, "is gone"));
        } else if (waiting.offer(waiter)) {
            dialForWaiting();
        } else {
            waiter.failed(failure(Reason.QUEUE_FULL, waiting.size() + " requests wait already"));
        }
    }

    /// `waiter` does not want a connection any more. The connection that may be on its way serves
    /// others.
    public void forget(Waiter waiter) {
        waiting.remove(waiter);
    }

    /// Connects once, outside of the pool's reuse, but given up by [#vacate] like all else.
    public Dialer.Dial dial(Dialer.Listener listener) {
        PendingDial dial = new PendingDial(listener);
        if (closed) {
            listener.failed(failure(Reason.VACATED, "is gone"));
        } else {
            dial.start();
        }
        return dial::cancel;
    }

    /// Closes idle connections, so that the next request gets a fresh one.
    public void closeIdle() {
        List<Pooled> unused = List.copyOf(idle);
        idle.clear();
        unused.forEach(each -> each.connection().close());
    }

    /// Gives up whatever waits for this endpoint or connects to it, and closes idle connections.
    /// Active ones close when their request has ended. The pool can be used again afterwards.
    public void vacate() {
        epoch++;
        List<Waiter> unserved = waiting.pollAll();
        List<PendingDial> pending = List.copyOf(dials);
        closeIdle();
        pending.forEach(PendingDial::vacate);
        AcquireFailure failure = failure(Reason.VACATED, "is not pickable any more");
        unserved.forEach(each -> each.failed(failure));
    }

    /// Vacates the pool for good.
    public void close() {
        closed = true;
        vacate();
    }

    private @Nullable Pooled takeIdle() {
        Pooled youngest = idle.poll();
        while (youngest != null) {
            if (youngest.connection().isAvailable() && !isExpired(youngest)) {
                return youngest;
            }
            youngest.connection().close();
            youngest = idle.poll();
        }
        return null;
    }

    private boolean isExpired(Pooled connection) {
        return tick.now() - connection.idleSince >= limits.idleTime().toNanos();
    }

    /// One dial for each request that waits, as far as the limit allows.
    private void dialForWaiting() {
        while (!closed
                && pooledDials < waiting.size()
                && open + pooledDials < limits.connections()) {
            new PendingDial(new PooledDial()).start();
        }
    }

    private void offer(Pooled connection) {
        Waiter next = connection.epoch == epoch ? waiting.poll() : null;
        if (next != null) {
            next.connected(connection.connection());
        } else if (connection.epoch == epoch && idle.size() < limits.idle()) {
            connection.idleSince = tick.now();
            idle.push(connection);
            checkIdleLater(limits.idleTime());
        } else {
            connection.connection().close();
        }
    }

    private void checkIdleLater(Duration delay) {
        if (idleCheck == null) {
            idleCheck = tick.after(delay, this::checkIdle);
        }
    }

    private void checkIdle() {
        idleCheck = null;
        Pooled oldest = idle.peekLast();
        while (oldest != null && isExpired(oldest)) {
            idle.pollLast();
            oldest.connection().close();
            oldest = idle.peekLast();
        }
        if (oldest != null) {
            long age = tick.now() - oldest.idleSince;
            checkIdleLater(limits.idleTime().minusNanos(age));
        }
    }

    private void waitedTooLong(Waiter waiter) {
        String detail = "no connection was free within " + limits.waitTime();
        waiter.failed(failure(Reason.QUEUE_TIMEOUT, detail));
    }

    private AcquireFailure failure(Reason reason, String detail) {
        return new AcquireFailure(reason, address + ": " + detail);
    }

    /// A connection of this pool.
    private final class Pooled implements ClientConnection.Owner {

        private final int epoch = EndpointPool.this.epoch;
        private @Nullable ClientConnection connection;
        private long idleSince;

        ClientConnection connection() {
            if (connection == null) {
                throw new IllegalStateException(address + ": not composed yet");
            }
            return connection;
        }

        @Override
        public void available(ClientConnection now) {
            offer(this);
        }

        @Override
        public void unavailable(ClientConnection gone) {
            open--;
            idle.remove(this);
            dialForWaiting();
        }
    }

    /// Connects for the requests that wait in the pool.
    private final class PooledDial implements Dialer.Listener {

        PooledDial() {
            pooledDials++;
        }

        @Override
        public void connected(Channel channel) {
            pooledDials--;
            open++;
            Pooled pooled = new Pooled();
            ClientConnection connection = composer.compose(channel, pooled);
            pooled.connection = connection;
            if (connection.isAvailable()) {
                offer(pooled);
            }
        }

        @Override
        public void failed(AcquireFailure failure) {
            pooledDials--;
            Waiter next = failure.reason() == Reason.VACATED ? null : waiting.poll();
            if (next != null) {
                next.failed(failure);
                dialForWaiting();
            }
        }
    }

    /// An attempt to connect that [#vacate] gives up.
    private final class PendingDial implements Dialer.Listener {

        private final Dialer.Listener listener;
        private Dialer.@Nullable Dial dial;
        private boolean over;

        PendingDial(Dialer.Listener listener) {
            this.listener = listener;
        }

        void start() {
            dials.add(this);
            dial = dialer.dial(address, this);
        }

        @Override
        public void connected(Channel channel) {
            dials.remove(this);
            over = true;
            listener.connected(channel);
        }

        @Override
        public void failed(AcquireFailure failure) {
            dials.remove(this);
            over = true;
            listener.failed(failure);
        }

        void vacate() {
            if (!over) {
                cancel();
                listener.failed(failure(Reason.VACATED, "is not pickable any more"));
            }
        }

        void cancel() {
            if (over) {
                return;
            }
            over = true;
            dials.remove(this);
            if (dial != null) {
                dial.cancel();
            }
        }
    }
}
