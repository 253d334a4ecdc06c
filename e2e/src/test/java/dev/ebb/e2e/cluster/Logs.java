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

    /// The requests of a client whose outcome is known, a line each.
    default Stream<LogLine> requests(String client) {
        return of(client, PodEdit.APP).filter(line -> line.isAbout("request"));
    }

    /// Checks that a client has ended, and that every request that it sent is in its log.
    ///
    /// @throws IllegalStateException if it has not, or a record is missing
    default void checkWhole(String client) {
        LogLine done =
                of(client, PodEdit.APP)
                        .filter(line -> line.isAbout("done"))
                        .findFirst()
                        .orElseThrow(() ->
                                new IllegalStateException(
                                        client + ": the end is not in its log (expected: done)"));
        long sent = Long.parseLong(done.fields().get(2));
        long recorded = requests(client).count();
        if (recorded != sent) {
            throw new IllegalStateException(
                    "%s: %d of %d requests are in its log".formatted(client, recorded, sent));
        }
    }
}
