package dev.ebb.e2e.cluster;

import java.time.Duration;
import java.util.stream.Stream;

/// What has passed the relay of a slow proxy so far, from the relay's log.
public final class Relayed {
    private static final Duration SAID = Duration.ofSeconds(20);

    private final Scene scene;
    private final String pod;

    private Relayed(Scene scene, String pod) {
        this.scene = scene;
        this.pod = pod;
    }

    public static Relayed of(Scene scene, String pod) {
        return new Relayed(scene, pod);
    }

    /// How many changes the control plane has told, whether they have reached the proxy or not.
    public long deltas() {
        return told().count();
    }

    /// Waits until it has told more than this many.
    public void awaitDelta(long count) {
        Poll.until("a change to be told to " + pod, SAID, () -> deltas() > count);
    }

    /// When the proxy said that it had applied the first change after this many, or a later one of
    /// the same destination, by the wall clock of its node.
    public long appliedMillis(long count) {
        String change =
                told().skip(count)
                        .findFirst()
                        .orElseThrow(() -> new AssertionError(pod + " was told nothing"));
        return notes("FROM_PROXY")
                .filter(line -> covers(what(line), change))
                .mapToLong(LogLine::millis)
                .findFirst()
                .orElseThrow(() -> new AssertionError(pod + " has not applied " + change));
    }

    /// Whether the proxy has applied anything.
    boolean hasApplied() {
        return notes("FROM_PROXY").anyMatch(line -> what(line).startsWith("applied "));
    }

    private Stream<String> told() {
        return notes("FROM_CONTROL_PLANE")
                .map(Relayed::what)
                .filter(what -> what.startsWith("delta "));
    }

    private Stream<LogLine> notes(String way) {
        return scene.logs()
                .of(pod, PodEdit.RELAY)
                .filter(line -> line.isAbout("relayed"))
                .filter(line -> line.fields().get(2).equals(way));
    }

    /// Whether `applied 1 7` says that `delta 1 6` is applied.
    private static boolean covers(String applied, String delta) {
        String[] said = applied.split(" ", -1);
        String[] told = delta.split(" ", -1);
        return said[0].equals("applied")
                && said[1].equals(told[1])
                && Long.parseLong(said[2]) >= Long.parseLong(told[2]);
    }

    private static String what(LogLine line) {
        return line.fields().getLast();
    }
}
