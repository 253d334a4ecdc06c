package dev.ebb.e2e.cluster;

import java.time.Instant;
import java.util.List;

/// One line that a container wrote.
public record LogLine(String pod, String container, String text) {
    /// The fields of a line of the test application.
    public List<String> fields() {
        return List.of(text.split("\t", -1));
    }

    /// Whether it is a line of the test application about this.
    public boolean isAbout(String what) {
        List<String> fields = fields();
        return fields.size() > 1 && fields.get(1).equals(what);
    }

    /// The wall clock of the test application.
    public long millis() {
        return Long.parseLong(fields().getFirst());
    }

    /// The wall clock of one of Ebb's programs.
    public long ebbMillis() {
        return Instant.parse(text.substring(0, text.indexOf(' '))).toEpochMilli();
    }
}
