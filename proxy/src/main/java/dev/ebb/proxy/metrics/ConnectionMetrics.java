package dev.ebb.proxy.metrics;

import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.GaugeDataPoint;

/// What is counted of the connections of one leg in one direction.
///
/// Its data points are resolved once; every method may be called from any thread and costs no
/// lookup. Bytes are to be added in lumps (on flush, at close), not per read.
public final class ConnectionMetrics {

    private final CounterDataPoint opened;
    private final CounterDataPoint closed;
    private final GaugeDataPoint open;
    private final CounterDataPoint readBytes;
    private final CounterDataPoint writtenBytes;

    ConnectionMetrics(
            CounterDataPoint opened,
            CounterDataPoint closed,
            GaugeDataPoint open,
            CounterDataPoint readBytes,
            CounterDataPoint writtenBytes) {
        this.opened = opened;
        this.closed = closed;
        this.open = open;
        this.readBytes = readBytes;
        this.writtenBytes = writtenBytes;
    }

    /// A connection was accepted or established.
    public void opened() {
        opened.inc();
        open.inc();
    }

    /// A connection that was [#opened] has been closed.
    public void closed() {
        closed.inc();
        open.dec();
    }

    /// How many are open now.
    public int open() {
        return (int) open.get();
    }

    /// How many were ever opened.
    public long openedEver() {
        return opened.getLongValue();
    }

    /// Bytes were read from the peer.
    public void read(long bytes) {
        readBytes.inc(bytes);
    }

    /// Bytes were written to the peer.
    public void written(long bytes) {
        writtenBytes.inc(bytes);
    }
}
