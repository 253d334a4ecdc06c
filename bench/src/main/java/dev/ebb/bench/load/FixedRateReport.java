package dev.ebb.bench.load;

import java.time.Duration;
import org.HdrHistogram.Histogram;

/// What a fixed rate of requests met.
///
/// @param requests answered with 200
/// @param errors answered otherwise, cut, or not answered in time
public record FixedRateReport(
        long requests, long errors, Duration p50, Duration p99, Duration p999) {

    static FixedRateReport of(Histogram nanos, long errors) {
        return new FixedRateReport(
                nanos.getTotalCount(),
                errors,
                percentile(nanos, 50),
                percentile(nanos, 99),
                percentile(nanos, 99.9));
    }

    private static Duration percentile(Histogram nanos, double percent) {
        return Duration.ofNanos(nanos.getValueAtPercentile(percent));
    }
}
