package dev.ebb.await;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// The text form of durations: digits and one of `ms`, `s`, `m`, `h`, `d`, or a bare `0`. The same
/// as in the other programs, whose code this one does not load.
final class DurationArgument {

    static final String EXPECTED = "a duration such as 10s or 500ms";

    private DurationArgument() {}

    /// Null if the text has another form or the duration does not fit into nanoseconds.
    static @Nullable Duration parse(String text) {
        String trimmed = text.strip();
        int digits = 0;
        while (digits < trimmed.length() && isDigit(trimmed.charAt(digits))) {
            digits++;
        }
        String unit = trimmed.substring(digits);
        try {
            long count = Long.parseLong(trimmed, 0, digits, 10);
            long millis =
                    switch (unit) {
                        case "ms" -> 1;
                        case "s" -> 1_000;
                        case "m" -> 60_000;
                        case "h" -> 3_600_000;
                        case "d" -> 86_400_000;
                        default -> 0;
                    };
            if (millis == 0 && (!unit.isEmpty() || count != 0)) {
                return null;
            }
            Duration duration = Duration.ofMillis(Math.multiplyExact(count, millis));
            // Deadlines count nanoseconds in a long: 292 years.
            var _ = duration.toNanos();
            return duration;
        } catch (ArithmeticException | NumberFormatException e) {
            return null;
        }
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
