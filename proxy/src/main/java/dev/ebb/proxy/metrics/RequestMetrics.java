package dev.ebb.proxy.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.IntFunction;

/// What is counted of the requests to one destination in one direction.
///
/// Its data points are resolved once, those of a status at its first use; every method may be
/// called from any thread.
public final class RequestMetrics {

    private static final int LOWEST_STATUS = 100;
    private static final int HIGHEST_STATUS = 999;
    private static final double NANOS_PER_SECOND = 1e9;

    private final CounterDataPoint requests;
    private final DistributionDataPoint latency;
    private final IntFunction<CounterDataPoint> responsesOf;
    private final AtomicReferenceArray<CounterDataPoint> responses =
            new AtomicReferenceArray<>(HIGHEST_STATUS - LOWEST_STATUS + 1);

    RequestMetrics(
            CounterDataPoint requests,
            DistributionDataPoint latency,
            IntFunction<CounterDataPoint> responsesOf) {
        this.requests = requests;
        this.latency = latency;
        this.responsesOf = responsesOf;
    }

    /// The head of a request was read.
    public void request() {
        requests.inc();
    }

    /// The last byte of a response was written, or the response was cut.
    ///
    /// @param status the final status; one outside of 100..999 is counted as 999
    /// @param nanos the time since [#request]
    public void response(int status, long nanos) {
        responses(status).inc();
        latency.observe(nanos / NANOS_PER_SECOND);
    }

    private CounterDataPoint responses(int status) {
        boolean valid = status >= LOWEST_STATUS && status <= HIGHEST_STATUS;
        int index = (valid ? status : HIGHEST_STATUS) - LOWEST_STATUS;
        CounterDataPoint known = responses.get(index);
        if (known != null) {
            return known;
        }
        CounterDataPoint resolved = responsesOf.apply(index + LOWEST_STATUS);
        responses.set(index, resolved);
        return resolved;
    }
}
