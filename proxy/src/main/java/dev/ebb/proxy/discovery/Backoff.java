package dev.ebb.proxy.discovery;

import java.time.Duration;
import java.util.random.RandomGenerator;

/// How long to wait before the next attempt: doubling from 100 ms to 2 s, each with a jitter of
/// half its length, so that the proxies of a restarted control plane do not all come at once. Not
/// thread-safe.
///
/// The longest pause is a part of the safe minimum and of the warm-up (10 s each): a subscriber has
/// to be back, and to have applied, before either ends.
final class Backoff {

    static final Duration FIRST = Duration.ofMillis(100);
    static final Duration LONGEST = Duration.ofSeconds(2);

    private final RandomGenerator random;
    private Duration next = FIRST;

    Backoff(RandomGenerator random) {
        this.random = random;
    }

    /// The pause before the next attempt, from half of the step to the whole of it.
    Duration next() {
        long half = next.toMillis() / 2;
        Duration pause = Duration.ofMillis(half + random.nextLong(half + 1));
        Duration doubled = next.plus(next);
        next = doubled.compareTo(LONGEST) < 0 ? doubled : LONGEST;
        return pause;
    }

    /// An attempt has succeeded.
    void reset() {
        next = FIRST;
    }
}
