package dev.ebb.env;

import java.time.Duration;
import java.time.temporal.ChronoUnit;

/// The text form of durations: digits and one of `ms`, `s`, `m`, `h`, `d`, or a bare `0`.
public final class DurationText {

    /// The form, for messages.
    public static final String EXPECTED = "a duration such as 10s or 500ms";

    private DurationText() {}

    /// Reads a duration; surrounding white space is ignored.
    ///
    /// @throws IllegalArgumentException if the text has another form or the duration is too long
    public static Duration parse(String text) {
        String trimmed = text.strip();
        int digits = 0;
        while (digits < trimmed.length() && isDigit(trimmed.charAt(digits))) {
            digits++;
        }
        String unit = trimmed.substring(digits);
        try {
            long count = Long.parseLong(trimmed, 0, digits, 10);
            if (unit.isEmpty() && count == 0) {
                return Duration.ZERO;
            }
            Duration duration = Duration.of(count, unitOf(unit));
            // Timers count nanoseconds in a long: 292 years.
            var _ = duration.toNanos();
            return duration;
        } catch (ArithmeticException | IllegalArgumentException e) {
            throw new IllegalArgumentException("\"" + text + "\" (expected: " + EXPECTED + ")", e);
        }
    }

    /// Writes a duration so that [#parse(String)] reads it back, whole milliseconds at the finest.
    public static String format(Duration duration) {
        long millis = duration.toMillis();
        return millis % 1000 == 0 ? millis / 1000 + "s" : millis + "ms";
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static ChronoUnit unitOf(String unit) {
        return switch (unit) {
            case "ms" -> ChronoUnit.MILLIS;
            case "s" -> ChronoUnit.SECONDS;
            case "m" -> ChronoUnit.MINUTES;
            case "h" -> ChronoUnit.HOURS;
            case "d" -> ChronoUnit.DAYS;
            default -> throw new IllegalArgumentException(unit);
        };
    }
}
