package dev.ebb.bench.report;

import dev.ebb.bench.load.FixedRateReport;
import dev.ebb.bench.load.WrkReport;
import dev.ebb.bench.process.CpuTime;
import java.time.Duration;

/// What one candidate did in one round. CPU is that of the proxy alone, in seconds per million
/// requests.
public record RoundFigures(
        double requestsPerSecond,
        double cpuSecondsPerMillion,
        double userCpuSecondsPerMillion,
        double cpuSecondsPerMillionAtFixedRate,
        double p50Millis,
        double p99Millis,
        double p999Millis,
        long errors) {

    /// From what the two loads said and the proxy used meanwhile.
    ///
    /// @param saturatedCpu used while wrk ran
    /// @param fixedCpu used while the fixed rate ran
    public static RoundFigures of(
            WrkReport saturated, CpuTime saturatedCpu, FixedRateReport fixed, CpuTime fixedCpu) {
        return new RoundFigures(
                saturated.requestsPerSecond(),
                perMillion(saturatedCpu.total(), saturated.requests()),
                perMillion(saturatedCpu.user(), saturated.requests()),
                perMillion(fixedCpu.total(), fixed.requests()),
                millis(fixed.p50()),
                millis(fixed.p99()),
                millis(fixed.p999()),
                saturated.errors() + fixed.errors());
    }

    /// Seconds for a million requests are microseconds for one.
    private static double perMillion(Duration cpu, long requests) {
        return cpu.toNanos() / 1e3 / requests;
    }

    private static double millis(Duration duration) {
        return duration.toNanos() / 1e6;
    }
}
