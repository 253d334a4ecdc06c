package dev.ebb.e2e.cluster;

import static org.awaitility.Awaitility.await;

import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.awaitility.core.ConditionTimeoutException;

/// Waits for what a cluster does, with a deadline; a failure names what did not come.
public final class Poll {
    private static final Duration BETWEEN = Duration.ofMillis(100);

    /// A list of pods costs the API server more than the longer wait costs the test.
    private static final Duration BETWEEN_LISTS = Duration.ofMillis(250);

    /// Everything is judged anew each time.
    private static final Duration BETWEEN_VERDICTS = Duration.ofSeconds(1);

    private Poll() {}

    public static void until(String what, Duration limit, Callable<Boolean> condition) {
        until(what, limit, BETWEEN, condition);
    }

    /// Waits for what comes soon if it comes at all; that it has not come is for others to judge.
    static void atMost(Duration limit, Callable<Boolean> condition) {
        try {
            until("what may not come", limit, BETWEEN_VERDICTS, condition);
        } catch (ConditionTimeoutException _) {
            // The judge sees what is missing.
        }
    }

    /// Looks until it sees what the condition says.
    ///
    /// @return what it saw then, which may be gone already
    public static <T> T until(
            String what, Duration limit, Callable<T> look, Predicate<T> condition) {
        return await(what)
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(BETWEEN)
                .until(look, condition);
    }

    /// Waits for pods, and says what keeps them from running: at once if no waiting cures it, else
    /// at the deadline.
    ///
    /// @param pods looks for those that are waited for
    /// @param condition what they shall have become
    /// @throws IllegalStateException if they cannot run, or have not come in time
    static void untilPods(
            String what, Duration limit, Supplier<List<Pod>> pods, Predicate<List<Pod>> condition) {
        try {
            until(
                    what,
                    limit,
                    BETWEEN_LISTS,
                    () -> {
                        List<Pod> now = pods.get();
                        refuseHopeless(what, now);
                        return condition.test(now);
                    });
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "%s: not within %d s; %s"
                            .formatted(what, limit.toSeconds(), words(PodTrouble.of(pods.get()))),
                    e);
        }
    }

    private static void until(
            String what, Duration limit, Duration between, Callable<Boolean> condition) {
        await(what).atMost(limit).pollDelay(Duration.ZERO).pollInterval(between).until(condition);
    }

    private static void refuseHopeless(String what, List<Pod> pods) {
        List<PodTrouble> hopeless =
                PodTrouble.of(pods).stream().filter(PodTrouble::isHopeless).toList();
        if (!hopeless.isEmpty()) {
            throw new IllegalStateException(what + ": cannot come; " + words(hopeless));
        }
    }

    private static String words(List<PodTrouble> troubles) {
        return troubles.isEmpty()
                ? "no container says why"
                : String.join("; ", troubles.stream().map(PodTrouble::text).toList());
    }
}
