package dev.ebb.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/// Durations as people read them in a table, three digits at most: `7 ms`, `5.02 s`, `2 m 5 s`.
public final class ShortDuration {
    private ShortDuration() {}

    public static String text(Duration duration) {
        long millis = duration.toMillis();
        if (millis < 1000) {
            return millis + " ms";
        }
        if (millis < 10_000) {
            return String.format(Locale.ROOT, "%.2f s", millis / 1000.0);
        }
        if (millis < 60_000) {
            return String.format(Locale.ROOT, "%.1f s", millis / 1000.0);
        }
        return duration.toMinutes() + " m " + duration.toSecondsPart() + " s";
    }
}
