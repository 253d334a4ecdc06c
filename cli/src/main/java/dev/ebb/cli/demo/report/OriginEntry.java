package dev.ebb.cli.demo.report;

/// A request as one replica recorded it before it answered.
///
/// @param millis by the wall clock
public record OriginEntry(String replica, long millis, String id) {
    static OriginEntry parse(String replica, String line) {
        String[] fields = line.split("\t", -1);
        if (fields.length != 4) {
            throw new IllegalArgumentException(
                    "%s: \"%s\": %d fields (expected: 4)".formatted(replica, line, fields.length));
        }
        return new OriginEntry(replica, Long.parseLong(fields[0]), fields[1]);
    }
}
