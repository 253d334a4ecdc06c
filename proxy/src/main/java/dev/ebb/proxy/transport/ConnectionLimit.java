package dev.ebb.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/// How many accepted connections the process carries at once, so that clients cannot use up its
/// memory, and with it everything else that it carries.
///
/// At the limit nothing is closed or refused: listeners stop to accept, further clients wait in the
/// kernel's queue and are accepted as others leave. The kernel has completed their connect, so they
/// wait with a request that is written, until their own time is up. Only where the queue is full
/// too does a connect fail, which proves that nothing was delivered. It costs two counts a
/// connection and nothing a request. Thread-safe.
public final class ConnectionLimit {

    /// What a connection may hold of the heap, together with the one that its request is sent on
    /// and what else it needs: three times what a usual request in flight was seen to.
    private static final long SHARE_OF_HEAP = 16 << 10;

    private static final int LEAST = 64;
    private static final int MOST = 1 << 20;

    /// So many times over for the last ones: a share is three times what one was seen to need.
    private static final int LAST = 2;

    private final int limit;
    private final long lastLimit;
    private final AtomicInteger open = new AtomicInteger();
    private final List<Direction> directions = new CopyOnWriteArrayList<>();
    private volatile boolean last;

    /// @param limit how many connections altogether
    public ConnectionLimit(int limit) {
        this(limit, fittingTheHeap());
    }

    ConnectionLimit(int limit, int fitting) {
        this.limit = limit;
        lastLimit = (long) LAST * Math.max(limit, fitting);
    }

    /// As many as fit into this process's heap.
    public static int fittingTheHeap() {
        long fitting = Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP;
        return Math.clamp(fitting, LEAST, MOST);
    }

    /// The listeners of one direction. It gets three quarters of all connections at most, so that
    /// what floods one direction leaves room in the other.
    ///
    /// @param full called on an event loop each time that a listener stops to accept
    public Direction newDirection(Runnable full) {
        Direction direction = new Direction(Math.max(1, limit - limit / 4), full);
        directions.add(direction);
        return direction;
    }

    /// The listeners are about to be closed, and the kernel then resets every connection that waits
    /// in their queues. From now on they accept, together, up to twice what the limit or the heap
    /// allows, whichever is more.
    public void acceptLast() {
        last = true;
        directions.forEach(Direction::resumeIfRoom);
    }

    private static void count(Channel listener, Direction direction) {
        listener.pipeline().addFirst("connection-limit", new Acceptance(direction));
    }

    /// The listeners of one direction, and how many connections they have accepted. Thread-safe.
    public final class Direction {

        private final int most;
        private final Runnable full;
        private final AtomicInteger accepted = new AtomicInteger();
        private final Set<Channel> paused = ConcurrentHashMap.newKeySet();

        private Direction(int most, Runnable full) {
            this.most = most;
            this.full = full;
        }

        /// How many connections it gets at most.
        public int most() {
            return most;
        }

        /// From now on what the listener accepts is counted.
        public void add(Channel listener) {
            count(listener, this);
        }

        private void accepted(Channel listener, Channel connection) {
            open.incrementAndGet();
            accepted.incrementAndGet();
            connection.closeFuture().addListener(_ -> closed());
            if (isFull()) {
                pause(listener);
            }
        }

        private void closed() {
            accepted.decrementAndGet();
            open.decrementAndGet();
            directions.forEach(Direction::resumeIfRoom);
        }

        private boolean isFull() {
            if (last) {
                return open.get() >= lastLimit;
            }
            return accepted.get() >= most || open.get() >= limit;
        }

        private void pause(Channel listener) {
            listener.config().setAutoRead(false);
            if (paused.add(listener)) {
                full.run();
            }
            // One may have been closed by another event loop, which has not seen the pause.
            resumeIfRoom();
        }

        private void resumeIfRoom() {
            if (paused.isEmpty() || isFull()) {
                return;
            }
            for (Channel listener : List.copyOf(paused)) {
                if (paused.remove(listener)) {
                    listener.eventLoop().execute(() -> listener.config().setAutoRead(true));
                }
            }
        }
    }

    /// Sees each connection as its listener accepts it.
    private static final class Acceptance extends ChannelInboundHandlerAdapter {

        private final Direction direction;

        private Acceptance(Direction direction) {
            this.direction = direction;
        }

        @Override
        public void channelRead(ChannelHandlerContext context, Object connection) {
            direction.accepted(context.channel(), (Channel) connection);
            context.fireChannelRead(connection);
        }
    }
}
