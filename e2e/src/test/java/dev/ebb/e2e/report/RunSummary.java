package dev.ebb.e2e.report;

import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import java.util.Collection;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.engine.reporting.ReportEntry;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Prints all departures of a run, and what ran and what did not, at the end of a run that has
/// tests of the cluster or of containers in it.
public final class RunSummary implements TestExecutionListener {
    /// How many lines of a failure are shown.
    private static final int REASON = 12;

    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Map<String, String> names = new ConcurrentHashMap<>();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> held = new ConcurrentLinkedQueue<>();
    private final Queue<String> notHeld = new ConcurrentLinkedQueue<>();

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
        names.put(test.getUniqueId(), name(test));
    }

    /// Each test publishes the departures that it has caused.
    @Override
    public void reportingEntryPublished(TestIdentifier test, ReportEntry entry) {
        entry.getKeyValuePairs()
                .forEach((key, line) -> {
                    switch (key) {
                        case Departure.HELD -> held.add(line + "  " + name(test));
                        case Departure.NOT_HELD -> notHeld.add(line + "  " + name(test));
                        default -> {}
                    }
                });
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        lines.add("NOT RUN    0 s  %s: %s".formatted(name(test), reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        // A container is told of only if it kept its tests from running.
        if (test.isContainer() && result.getStatus() == Status.SUCCESSFUL) {
            return;
        }
        long start = started.getOrDefault(test.getUniqueId(), System.nanoTime());
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start);
        lines.add(
                "%s %4d s  %s%s"
                        .formatted(word(result.getStatus()), seconds, name(test), why(result)));
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (lines.stream()
                .anyMatch(line -> line.contains("E2E") || line.contains("ContainersIT"))) {
            print("departures of the others: controls, and clients", notHeld);
            print("departures of applications with a hold", held);
            Figures.print("what ran, and what did not:\n" + String.join("\n", lines));
        }
    }

    private static void print(String what, Collection<String> departures) {
        Figures.print(
                "%d %s, in milliseconds (-: not seen, or outlives its test):%n%s  test%n%s"
                        .formatted(
                                departures.size(),
                                what,
                                Departure.HEADER,
                                String.join("\n", departures)));
    }

    private static String word(Status status) {
        return switch (status) {
            case SUCCESSFUL -> "passed ";
            case FAILED -> "FAILED ";
            case ABORTED -> "NOT RUN";
        };
    }

    /// What is wrong, in a few lines.
    private static String why(TestExecutionResult result) {
        return result.getThrowable()
                .map(thrown ->
                        ": "
                                + String.valueOf(thrown.getMessage())
                                        .strip()
                                        .lines()
                                        .limit(REASON)
                                        .collect(Collectors.joining("\n          ")))
                .orElse("");
    }

    /// `RollingUpdateE2E shape=native repeatedRestartsLoseNothing`: the class, and what stands
    /// around the test in it, have started before.
    private String name(TestIdentifier test) {
        if (test.getParentId().isEmpty()) {
            return "";
        }
        String around = names.getOrDefault(test.getParentId().get(), "");
        return (around + " " + word(test)).strip();
    }

    /// A method without its parameters, an invocation without its number.
    private static String word(TestIdentifier test) {
        return test.getDisplayName().replaceAll("\\(.*", "").replaceAll("^\\[\\d+] ", "");
    }
}
