package dev.ebb.e2e.cluster;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.TestExecutionResult.Status;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;

/// Prints what ran and what did not, at the end of a run that has tests of the cluster in it.
public final class RunSummary implements TestExecutionListener {
    private final Map<String, Long> started = new ConcurrentHashMap<>();
    private final Queue<String> lines = new ConcurrentLinkedQueue<>();

    @Override
    public void executionStarted(TestIdentifier test) {
        started.put(test.getUniqueId(), System.nanoTime());
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
            Figures.print("what ran, and what did not:");
            lines.forEach(Figures::print);
        }
    }

    private static String word(Status status) {
        return switch (status) {
            case SUCCESSFUL -> "passed ";
            case FAILED -> "FAILED ";
            case ABORTED -> "NOT RUN";
        };
    }

    /// The first line of what is wrong.
    private static String why(TestExecutionResult result) {
        return result.getThrowable()
                .map(thrown ->
                        ": "
                                + String.valueOf(thrown.getMessage())
                                        .strip()
                                        .lines()
                                        .findFirst()
                                        .orElse(""))
                .orElse("");
    }

    /// `RollingUpdateE2E [1] NATIVE: repeatedRestartsLoseNothing`, from the unique id.
    private static String name(TestIdentifier test) {
        return test.getUniqueIdObject().getSegments().stream()
                .skip(1)
                .map(segment -> segment.getValue().replaceAll("\\(.*", "").replaceAll(".*\\.", ""))
                .reduce((a, b) -> a + " " + b)
                .orElse(test.getDisplayName());
    }
}
