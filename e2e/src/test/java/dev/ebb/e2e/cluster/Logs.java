package dev.ebb.e2e.cluster;

import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;

/// What the containers of a test have written so far.
public interface Logs {
    /// All lines; those of one container are in order.
    List<LogLine> lines();

    /// What one container of one pod has written.
    default Stream<LogLine> of(String pod, String container) {
        return lines().stream()
                .filter(line -> line.pod().equals(pod) && line.container().equals(container));
    }

    /// When the test application in a pod first wrote about something, by its own wall clock.
    default OptionalLong appMillis(String pod, String what) {
        return of(pod, PodEdit.APP)
                .filter(line -> line.isAbout(what))
                .mapToLong(LogLine::millis)
                .findFirst();
    }
}
