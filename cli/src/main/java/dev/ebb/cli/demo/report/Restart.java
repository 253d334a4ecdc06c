package dev.ebb.cli.demo.report;

import java.time.Duration;

/// One replica's way out and its replacement's way in; all times by the wall clock, in
/// milliseconds.
///
/// @param told when it was told to leave
/// @param announced when its departure began, as the control plane says; 0 without Ebb
/// @param released when it was released, as the control plane says; 0 without Ebb
/// @param term when the application itself got TERM, by its own record
/// @param exit when the application's process had ended
/// @param gone when its proxy had ended as well
/// @param serving when the replacement served
public record Restart(
        String replica,
        long told,
        long announced,
        long released,
        long term,
        long exit,
        long gone,
        long serving) {

    static final String HEADING = "replica\ttold\tannounced\treleased\tterm\texit\tgone\tserving";

    /// How long the application was not told.
    public Duration hold() {
        return Duration.ofMillis(term - told);
    }

    public Duration took() {
        return Duration.ofMillis(serving - told);
    }

    String line() {
        return "%s\t%d\t%d\t%d\t%d\t%d\t%d\t%d"
                .formatted(replica, told, announced, released, term, exit, gone, serving);
    }

    static Restart parse(String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 8) {
            throw new IllegalArgumentException(
                    "restart \"%s\": %d fields (expected: 8)".formatted(line, fields.length));
        }
        long[] times = new long[8];
        for (int i = 1; i < 8; i++) {
            times[i] = Long.parseLong(fields[i]);
        }
        return new Restart(
                fields[0], times[1], times[2], times[3], times[4], times[5], times[6], times[7]);
    }
}
