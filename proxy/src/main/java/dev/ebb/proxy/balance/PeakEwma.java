package dev.ebb.proxy.balance;

import java.time.Duration;

/// The load of one endpoint as one event loop sees it: the peak-sensitive moving average of its
/// response times, times the requests that wait for it.
///
/// A response that took longer than the average raises it at once; faster ones, and the passing of
/// time, let it decay. An endpoint that fails is no candidate for a while, however quickly it
/// fails. Not thread-safe; time is an argument, in nanoseconds of any monotonic clock.
public final class PeakEwma {

    /// What an endpoint without a history is taken for.
    static final Duration DEFAULT_RTT = Duration.ofMillis(30);

    /// In this time an observation loses 63 % of its weight.
    static final Duration DECAY = Duration.ofSeconds(10);

    /// How long the first failure counts; doubled by each further one in a row.
    static final Duration FIRST_PENALTY = Duration.ofSeconds(1);

    static final Duration LONGEST_PENALTY = Duration.ofSeconds(16);

    private static final double DECAY_NANOS = DECAY.toNanos();

    private double costNanos = DEFAULT_RTT.toNanos();
    private long observedAt;
    private int pending;
    private int failuresInARow;
    private long penalisedUntil;

    public PeakEwma(long now) {
        observedAt = now;
        penalisedUntil = now;
    }

    /// A request was given to the endpoint; each is followed by one [#ended].
    public void started() {
        pending++;
    }

    /// The endpoint has answered.
    public void responded(long rttNanos, long now) {
        failuresInARow = 0;
        penalisedUntil = now;
        observe(rttNanos, now);
    }

    /// The endpoint refused a connection, or broke one off before it answered.
    public void failed(long now) {
        long penalty = FIRST_PENALTY.toNanos() << Math.min(failuresInARow, 8);
        penalisedUntil = now + Math.min(penalty, LONGEST_PENALTY.toNanos());
        failuresInARow++;
        // What it had earned before the failure is no longer known to hold.
        observe(DEFAULT_RTT.toNanos(), now);
    }

    /// A request that was [#started] is over, in whatever way.
    public void ended() {
        pending--;
    }

    /// Whether a recent failure makes every other endpoint the better choice.
    public boolean isPenalised(long now) {
        return penalisedUntil - now > 0;
    }

    /// The cost of one more request; compare only values of the same `now`.
    public double load(long now) {
        return decayed(now) * (pending + 1);
    }

    int pending() {
        return pending;
    }

    private void observe(long rttNanos, long now) {
        double cost = decayed(now);
        double weight = weight(now);
        costNanos = rttNanos > cost ? rttNanos : cost + rttNanos * (1 - weight);
        observedAt = now;
    }

    private double decayed(long now) {
        return costNanos * weight(now);
    }

    private double weight(long now) {
        return Math.exp(-Math.max(now - observedAt, 0) / DECAY_NANOS);
    }
}
