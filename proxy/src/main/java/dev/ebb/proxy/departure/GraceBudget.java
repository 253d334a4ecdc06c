package dev.ebb.proxy.departure;

import java.time.Duration;

/// How one number, the grace of the pod, is shared out: a reserve for the proxy's own end, the
/// application's time to stop, and what is left for the hold.
///
/// Pure. The grace is measured from the beginning of the departure, by a monotonic clock.
///
/// @param grace from the beginning of the departure until the processes are killed
public record GraceBudget(Duration grace) {

    private static final Duration RESERVE = Duration.ofSeconds(2);
    private static final Duration APPLICATION_WANTS = Duration.ofSeconds(10);

    public GraceBudget {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("grace: " + grace + " (expected: >= 0s)");
        }
    }

    /// How long the application may be kept from stopping, at most.
    public Duration hold() {
        return floorAtZero(grace.minus(RESERVE).minus(application()));
    }

    /// When the last stream is cut, counted from the beginning: the reserve before the kill, and
    /// half of a grace that is not much longer than the reserve itself.
    public Duration cut() {
        return longer(grace.minus(RESERVE), part(2));
    }

    /// The application's own time to stop: ten seconds or half of a short grace, a third of a long
    /// one.
    Duration application() {
        Duration half = part(2);
        Duration wanted = half.compareTo(APPLICATION_WANTS) < 0 ? half : APPLICATION_WANTS;
        return longer(wanted, part(3));
    }

    /// Not [Duration#dividedBy]: its decimals cost 40 ms of class loading at the end of a process.
    private Duration part(int divisor) {
        return Duration.ofNanos(grace.toNanos() / divisor);
    }

    private static Duration floorAtZero(Duration duration) {
        return longer(duration, Duration.ZERO);
    }

    private static Duration longer(Duration a, Duration b) {
        return a.compareTo(b) >= 0 ? a : b;
    }
}
