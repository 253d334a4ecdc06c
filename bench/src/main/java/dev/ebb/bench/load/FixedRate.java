package dev.ebb.bench.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/// An open loop: request i is due at start + i / rate whatever became of those before it, and its
/// latency counts from then until its last byte.
///
/// The calling thread keeps the time and sends, a second one receives. Good for one run.
public final class FixedRate implements AutoCloseable {

    /// How long the last answers may take.
    private static final Duration STRAGGLERS = Duration.ofSeconds(2);

    private static final int SIGNIFICANT_DIGITS = 3;

    private final Target target;
    private final Selector selector;
    private final List<Connection> connections = new ArrayList<>();
    private final Schedule<Connection> schedule = new Schedule<>();
    private final Histogram latencies = new Histogram(SIGNIFICANT_DIGITS);
    private long refused;

    public FixedRate(Target target) throws IOException {
        this.target = target;
        this.selector = Selector.open();
    }

    public FixedRateReport run(int connectionCount, int perSecond, Duration duration)
            throws IOException {
        for (int i = 0; i < connectionCount; i++) {
            Connection connection = Connection.open(target, selector);
            connections.add(connection);
            schedule.answered(connection);
        }
        long total = perSecond * duration.toMillis() / 1000;
        CompletableFuture<Void> received = receiveOnAThread(total, duration.plus(STRAGGLERS));
        sendOnTime(total, perSecond);
        try {
            received.join();
        } catch (CompletionException e) {
            throw new IOException("port " + target.port() + ": " + e.getCause(), e);
        }
        return FixedRateReport.of(latencies, total - latencies.getTotalCount());
    }

    private void sendOnTime(long total, int perSecond) throws IOException {
        long start = System.nanoTime();
        for (long i = 0; i < total; i++) {
            long due = start + i * 1_000_000_000L / perSecond;
            for (long early = due - System.nanoTime(); early > 0; early = due - System.nanoTime()) {
                LockSupport.parkNanos(early);
            }
            var connection = schedule.due(due);
            if (connection.isPresent()) {
                connection.get().send(due);
            }
        }
    }

    private CompletableFuture<Void> receiveOnAThread(long total, Duration limit) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform()
                .name("receiver")
                .daemon()
                .start(() -> {
                    try {
                        receive(total, System.nanoTime() + limit.toNanos());
                        done.complete(null);
                    } catch (IOException | RuntimeException e) {
                        done.completeExceptionally(e);
                    }
                });
        return done;
    }

    private void receive(long total, long deadline) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 * 1024);
        while (latencies.getTotalCount() + refused < total) {
            long left = Duration.ofNanos(deadline - System.nanoTime()).toMillis();
            if (left <= 0) {
                return;
            }
            selector.select(left);
            for (SelectionKey key : selector.selectedKeys()) {
                take((Connection) key.attachment(), key, buffer);
            }
            selector.selectedKeys().clear();
        }
    }

    private void take(Connection connection, SelectionKey key, ByteBuffer buffer)
            throws IOException {
        switch (connection.receive(buffer)) {
            case PART -> {}
            case OK -> {
                latencies.recordValue(System.nanoTime() - connection.dueNanos());
                sendNext(connection);
            }
            case REFUSED -> {
                refused++;
                sendNext(connection);
            }
            case CLOSED -> {
                // Its request, if any, stays unanswered and is counted as an error at the end.
                key.cancel();
            }
        }
    }

    private void sendNext(Connection connection) throws IOException {
        var waiting = schedule.answered(connection);
        if (waiting.isPresent()) {
            connection.send(waiting.getAsLong());
        }
    }

    @Override
    public void close() throws IOException {
        for (Connection connection : connections) {
            connection.close();
        }
        selector.close();
    }
}
