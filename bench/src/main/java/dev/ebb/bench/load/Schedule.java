package dev.ebb.bench.load;

import java.util.ArrayDeque;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Queue;

/// Who sends which request: hands each request that is due to an idle connection, or keeps it until
/// one is idle.
///
/// A request keeps the time at which it was due, however long it waits here: a slow answer is
/// counted against every request that it delayed (no coordinated omission). Safe for use by the
/// sending and the receiving thread.
final class Schedule<C> {

    private final Queue<C> idle = new ArrayDeque<>();
    private final Queue<Long> overdue = new ArrayDeque<>();

    /// A connection for the request that is due now, or nothing if all are busy and the request
    /// waits.
    synchronized Optional<C> due(long dueNanos) {
        C connection = idle.poll();
        if (connection == null) {
            overdue.add(dueNanos);
        }
        return Optional.ofNullable(connection);
    }

    /// Takes a connection back; gives the time of the request that it has to send now, if one
    /// waits.
    synchronized OptionalLong answered(C connection) {
        Long next = overdue.poll();
        if (next == null) {
            idle.add(connection);
            return OptionalLong.empty();
        }
        return OptionalLong.of(next);
    }

    /// How many requests wait for a connection.
    synchronized int waiting() {
        return overdue.size();
    }
}
