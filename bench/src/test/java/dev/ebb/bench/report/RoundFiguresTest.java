package dev.ebb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.bench.load.FixedRateReport;
import dev.ebb.bench.load.WrkReport;
import dev.ebb.bench.process.CpuTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RoundFiguresTest {

    @Test
    void cpuIsInSecondsPerMillionRequests() {
        RoundFigures figures =
                RoundFigures.of(
                        new WrkReport(100_000, 33_333, 1),
                        new CpuTime(Duration.ofMillis(500), Duration.ofMillis(1500)),
                        new FixedRateReport(
                                8000,
                                2,
                                Duration.ofNanos(250_000),
                                Duration.ofMillis(2),
                                Duration.ofMillis(4)),
                        new CpuTime(Duration.ofMillis(80), Duration.ofMillis(160)));

        assertThat(figures).isEqualTo(new RoundFigures(33_333, 20, 5, 30, 0.25, 2, 4, 3));
    }
}
