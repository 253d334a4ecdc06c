package dev.ebb.e2e.cluster;

import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.platform.engine.TestExecutionResult;
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
        lines.add("NOT RUN  %s: %s".formatted(name(test), reason));
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        boolean passed = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
        // A container is told of only if it kept its tests from running.
        if (test.isTest() || !passed) {
            long seconds =
                    TimeUnit.NANOSECONDS.toSeconds(
                            System.nanoTime()
                                    - started.getOrDefault(test.getUniqueId(), System.nanoTime()));
            lines.add(
                    "%s %4d s  %s"
                            .formatted(passed ? "passed  " : "FAILED  ", seconds, name(test)));
        }
    }

    @Override
    public void testPlanExecutionFinished(TestPlan plan) {
        if (lines.stream()
                .anyMatch(line -> line.contains("E2E") || line.contains("ContainersIT"))) {
            Figures.print("what ran, and what did not:");
            lines.forEach(Figures::print);
        }
    }

    /// `RollingUpdateE2E [1] NATIVE: repeatedRestartsLoseNothing`, from the unique id.
    private static String name(TestIdentifier test) {
        return test.getUniqueIdObject().getSegments().stream()
                .skip(1)
                .map(segment -> segment.getValue().replaceAll(".*\\.", ""))
                .reduce((a, b) -> a + " " + b)
                .orElse(test.getDisplayName());
    }
}
