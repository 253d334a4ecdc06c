package dev.ebb.await;

import java.net.SocketTimeoutException;
import java.time.Duration;

/// A point in time by the monotonic clock, or never.
final class Deadline {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final boolean never;
    private final long at;

    private Deadline(boolean never, long at) {
        this.never = never;
        this.at = at;
    }

    /// @param limit from now; zero is never
    static Deadline in(Duration limit) {
        return new Deadline(limit.isZero(), System.nanoTime() + limit.toNanos());
    }

    boolean hasPassed() {
        return !never && at - System.nanoTime() <= 0;
    }

    /// The time left, at most `atMost`, which is not zero.
    Duration remaining(Duration atMost) {
        if (never) {
            return atMost;
        }
        long left = Math.max(NANOS_PER_MILLI, at - System.nanoTime());
        return left < atMost.toNanos() ? Duration.ofNanos(left) : atMost;
    }

    /// The time left in the form of a socket's timeout, where 0 is for ever.
    int remainingMillis() throws SocketTimeoutException {
        if (never) {
            return 0;
        }
        long left = (at - System.nanoTime() + NANOS_PER_MILLI - 1) / NANOS_PER_MILLI;
        if (left <= 0) {
            throw new SocketTimeoutException("no answer in time");
        }
        return (int) Math.min(Integer.MAX_VALUE, left);
    }
}
