package dev.ebb.proxy.http;

import dev.ebb.proxy.stream.RefusedRequest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes one line per request, on a thread of its own.
///
/// Event loops only put an entry into a bounded queue; when the writer cannot keep up, entries are
/// dropped and counted, never waited for. So are those that cannot be written, on a full disk for
/// example; the next ones are tried again. Thread-safe.
public final class AccessLog implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(AccessLog.class);

    private static final int CAPACITY = 8_192;

    /// Entries that come within this time are written together, so that under load an event loop
    /// does not have to wake the writer for each of them.
    private static final long GATHER_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(1);

    private final AccessLogFormat format;
    private final OutputStream out;
    private final BlockingQueue<AccessLogEntry> queue;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean asleep = new AtomicBoolean();
    private final Thread writer;
    private final Consumer<IOException> trouble;
    private volatile boolean closed;

    // The writer's own: what it has gathered, how many entries that is, and whether the last write
    // has failed.

    private final StringBuilder lines = new StringBuilder();
    private int gathered;
    private boolean failing;

    /// Starts the writer, unless the format is [AccessLogFormat#OFF].
    ///
    /// @param out is written to by one thread, and flushed but not closed
    public AccessLog(AccessLogFormat format, OutputStream out) {
        this(format, out, CAPACITY, AccessLog::warn);
    }

    /// @param trouble is told of the first of several writes that fail one after the other
    AccessLog(
            AccessLogFormat format, OutputStream out, int capacity, Consumer<IOException> trouble) {
        this.format = format;
        this.out = out;
        this.trouble = trouble;
        queue = new ArrayBlockingQueue<>(capacity);
        writer = Thread.ofPlatform().name("ebb-access-log").daemon().unstarted(this::write);
        if (isOn()) {
            writer.start();
        }
    }

    /// Whether entries are wanted at all; spares making them.
    public boolean isOn() {
        return format != AccessLogFormat.OFF;
    }

    /// Queues an entry; never blocks.
    public void add(AccessLogEntry entry) {
        if (!queue.offer(entry)) {
            dropped.increment();
            return;
        }
        if (asleep.get() && asleep.compareAndSet(true, false)) {
            LockSupport.unpark(writer);
        }
    }

    /// Queues an entry for a request whose way never began, because the adapter refused it. Of the
    /// others their own record tells.
    ///
    /// @param direction `inbound` or `outbound`
    public void refused(String direction, RefusedRequest refused) {
        if (isOn() && !refused.begun()) {
            add(AccessLogEntry.of(direction, refused));
        }
    }

    /// How many entries found the queue full, or could not be written.
    public long dropped() {
        return dropped.sum();
    }

    /// Writes what is queued, within a second.
    @Override
    public void close() {
        closed = true;
        if (!isOn()) {
            return;
        }
        LockSupport.unpark(writer);
        try {
            writer.join(CLOSE_LIMIT);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void write() {
        while (!(closed && queue.isEmpty())) {
            sleepUntilNeeded();
            drain();
        }
    }

    private void sleepUntilNeeded() {
        asleep.set(true);
        while (asleep.get() && queue.isEmpty() && !closed) {
            LockSupport.park(this);
        }
        asleep.set(false);
        if (!closed) {
            LockSupport.parkNanos(this, GATHER_NANOS);
        }
    }

    private void drain() {
        AccessLogEntry entry = queue.poll();
        while (entry != null) {
            format.append(entry, lines);
            gathered++;
            if (lines.length() >= 32_768) {
                flush();
            }
            entry = queue.poll();
        }
        flush();
    }

    private void flush() {
        if (lines.isEmpty()) {
            return;
        }
        if (failing) {
            // A disk that fills up takes a part of a line, which must not spoil the next one.
            lines.insert(0, '\n');
        }
        try {
            out.write(lines.toString().getBytes(StandardCharsets.US_ASCII));
            out.flush();
            failing = false;
        } catch (IOException e) {
            dropped.add(gathered);
            if (!failing) {
                failing = true;
                trouble.accept(e);
            }
        }
        lines.setLength(0);
        gathered = 0;
    }

    private static void warn(IOException cause) {
        log.atWarn()
                .addKeyValue("cause", cause.getMessage())
                .log("The access log cannot be written; its lines are dropped until it can");
    }
}
