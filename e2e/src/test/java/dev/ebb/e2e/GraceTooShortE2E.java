package dev.ebb.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.e2e.cluster.Cluster;
import dev.ebb.e2e.cluster.Departure;
import dev.ebb.e2e.cluster.Figures;
import dev.ebb.e2e.cluster.LogLine;
import dev.ebb.e2e.cluster.PodEdit;
import dev.ebb.e2e.cluster.Scene;
import dev.ebb.e2e.cluster.Shape;
import dev.ebb.e2e.cluster.WebService;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/// A grace that is shorter than the slowest client: the hold ends early, in order, and says so.
@ParameterizedClass
@EnumSource
@ExtendWith(Cluster.class)
final class GraceTooShortE2E {
    private static final Duration SLOW = Duration.ofSeconds(10);
    private static final Duration LATE = Duration.ofSeconds(4);

    @Parameter private Shape shape = Shape.NATIVE;

    /// docs/drain.md has the arithmetic.
    @ParameterizedTest
    @CsvSource({"2,0,0", "5,0,500", "60,10,3000"})
    void theHoldEndsWithItsBudgetAndTheOrderIsKept(
            int grace, int shortened, long budgetMillis, Scene scene) {
        WebService web =
                WebService.create(scene, shape, 2, pod -> pod.grace(Duration.ofSeconds(grace)));
        web.client("slow", pod -> pod.slow(SLOW));
        web.awaitLoad();
        String pod = web.serverOf("slow");

        if (shortened == 0) {
            scene.delete(pod);
        } else {
            scene.delete(pod, Duration.ofSeconds(shortened));
        }
        scene.awaitGone(pod);

        Departure departure = web.departure(pod);
        Figures.print(
                "GraceTooShortE2E, %s, grace %d s, shortened to %d s"
                        .formatted(shape, grace, shortened));
        Figures.print(Departure.table(List.of(departure)));
        assertThat(departure.proxy().map(Departure.Release::reason))
                .isEqualTo(Optional.of("budget"));
        assertThat(departure.holdMillis().getAsLong())
                .isBetween(budgetMillis, budgetMillis + LATE.toMillis());
        if (budgetMillis > 0) {
            assertThat(departure.termAfterReleaseMillis().getAsLong())
                    .isBetween(0L, LATE.toMillis());
            assertThat(scene.events("FailedPreStopHook")).as("hooks that were given up").isEmpty();
        }
        long stopped =
                scene.logs()
                        .appMillis(pod, "stopped")
                        .orElseThrow(() -> new AssertionError("the application never stopped"));
        LogLine last =
                scene.logs()
                        .of(pod, PodEdit.PROXY)
                        .filter(line -> line.text().contains(" ebb.proxy."))
                        .reduce((_, later) -> later)
                        .orElseThrow(() -> new AssertionError("the proxy never wrote"));
        // One that is killed with the grace writes no "Exit"; what it wrote last was its life, too.
        // Where the grace has no room for a hold, it may not even come to that.
        if (budgetMillis > 0 || last.text().endsWith("ebb.proxy.Proxy: Exit")) {
            assertThat(last.ebbMillis())
                    .as("\"%s\", and its application stopped at %d", last.text(), stopped)
                    .isGreaterThanOrEqualTo(stopped);
        }
    }
}
