package dev.ebb.proxy.metrics;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.CounterWithCallback;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/// The proxy's metrics: every name and label stands here.
///
/// Traffic uses the words that users of other meshes know (`request_total`, `tcp_open_total` …);
/// `ebb_*` is for what only Ebb has. Whoever counts resolves its data points once, per listener or
/// per destination, and keeps them: a lookup by labels costs a hundred times a count. Thread-safe.
public final class ProxyMetrics {

    /// Distinct values of `dst` in one direction; further destinations share the value `other`,
    /// since clients choose these names.
    static final int MAX_DESTINATIONS = 1_000;

    private static final String OTHER = "other";
    private static final double[] LATENCY_BUCKETS = {
        .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30
    };
    private static final double[] HOLD_BUCKETS = {.05, .1, .25, .5, 1, 2.5, 5, 10, 20, 40, 80, 300};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final Set<String> destinations = ConcurrentHashMap.newKeySet();

    private final Counter requests =
            counter("request_total", "Requests whose head was read.", "direction", "dst");
    private final Counter responses =
            counter(
                    "response_total",
                    "Responses by final status.",
                    "direction",
                    "dst",
                    "status_code");
    private final Histogram latency =
            histogram(
                    "response_latency_seconds",
                    "From a request's head to its response's last byte.",
                    LATENCY_BUCKETS,
                    "direction",
                    "dst");

    private final Counter opened =
            counter("tcp_open_total", "Connections opened.", "direction", "peer");
    private final Counter closed =
            counter("tcp_close_total", "Connections closed.", "direction", "peer");
    private final Gauge open =
            gauge("tcp_open_connections", "Connections that are open.", "direction", "peer");
    private final Counter readBytes =
            counter("tcp_read_bytes_total", "Bytes read from peers.", "direction", "peer");
    private final Counter writtenBytes =
            counter("tcp_write_bytes_total", "Bytes written to peers.", "direction", "peer");

    private final Gauge connectionLimit =
            gauge("ebb_connection_limit", "Connections accepted at once.", "direction");
    private final Counter acceptingPaused =
            counter(
                    "ebb_accepting_paused_total",
                    "Times that a listener stopped to accept at its limit.",
                    "direction");

    private final Counter errors =
            counter("ebb_errors_total", "Answers that Ebb made itself.", "direction", "reason");
    private final Counter resent =
            counter("ebb_resent_total", "Requests sent again, proved undelivered.", "reason");
    private final Counter notDelivered =
            counter("ebb_not_delivered_total", "Requests handed back to the client's proxy.");

    private final Histogram hold =
            histogram("ebb_hold_seconds", "How long departures were held.", HOLD_BUCKETS, "reason");
    private final Counter lost =
            counter("ebb_drain_lost_total", "Requests lost by a departure.", "reason");
    private final Counter cut =
            counter("ebb_drain_cut_total", "Streams cut at the end of the grace.");

    /// @param version the proxy's version
    /// @param transport the transport in use: `epoll` or `nio`
    /// @param startedEpochSeconds when the process started, by the wall clock
    public ProxyMetrics(String version, String transport, double startedEpochSeconds) {
        info("ebb_build_info", "The program's version.", "version", version);
        info("ebb_transport_info", "The socket transport in use.", "transport", transport);
        gauge("process_start_time_seconds", "Start of the process since the Unix epoch.")
                .set(startedEpochSeconds);
    }

    /// Resolves the data points of one destination.
    ///
    /// @param destination the value of `dst`; take names from discovery, not from a client
    public RequestMetrics requests(Direction direction, String destination) {
        String way = direction.label();
        String name = bounded(destination);
        return new RequestMetrics(
                requests.labelValues(way, name),
                latency.labelValues(way, name),
                status -> responses.labelValues(way, name, Integer.toString(status)));
    }

    /// Resolves the data points of one leg.
    public ConnectionMetrics connections(Direction direction, Peer peer) {
        String way = direction.label();
        String leg = peer.label();
        return new ConnectionMetrics(
                opened.labelValues(way, leg),
                closed.labelValues(way, leg),
                open.labelValues(way, leg),
                readBytes.labelValues(way, leg),
                writtenBytes.labelValues(way, leg));
    }

    /// Shows how many connections are accepted at once.
    public void connectionLimit(Direction direction, int limit) {
        connectionLimit.labelValues(direction.label()).set(limit);
    }

    /// Counts a pause of accepting, because the limit was reached.
    public void acceptingPaused(Direction direction) {
        acceptingPaused.labelValues(direction.label()).inc();
    }

    /// Counts an answer that Ebb made itself.
    ///
    /// @param reason the value of `ebb-proxy-error`, one of a fixed set
    public void error(Direction direction, String reason) {
        errors.labelValues(direction.label(), reason).inc();
    }

    /// Counts a request that was sent again.
    ///
    /// @param reason the proof that nothing was delivered, one of a fixed set
    public void resent(String reason) {
        resent.labelValues(reason).inc();
    }

    /// Counts a request that was handed back as not delivered.
    public void notDelivered() {
        notDelivered.inc();
    }

    /// Records the end of a hold.
    ///
    /// @param reason why it ended, one of a fixed set
    public void held(Duration took, String reason) {
        hold.labelValues(reason).observe(took.toNanos() / 1e9);
    }

    /// Adds what the end of a departure cost; called once, with its ledger.
    public void lost(String reason, long count) {
        lost.labelValues(reason).inc(count);
    }

    /// Adds the streams that were cut at the end of the grace.
    public void cut(long count) {
        cut.inc(count);
    }

    /// Shows the process's phase; read at each scrape.
    public <P extends Enum<P>> void phase(Class<P> phases, Supplier<P> now) {
        callback("ebb_phase", "1 for the process's present phase, else 0.", "phase")
                .callback(each -> {
                    P present = now.get();
                    for (P phase : phases.getEnumConstants()) {
                        String label = phase.name().toLowerCase(Locale.ROOT);
                        each.call(phase == present ? 1 : 0, label);
                    }
                })
                .register(registry);
    }

    /// Shows how many leases hold the end of the process; read at each scrape.
    public void leases(IntSupplier held) {
        callback("ebb_drain_leases", "Leases that the end of the process would wait for.")
                .callback(each -> each.call(held.getAsInt()))
                .register(registry);
    }

    /// Shows how many lines the access log could not take; read at each scrape.
    public void accessLogDropped(LongSupplier dropped) {
        CounterWithCallback.builder()
                .name("ebb_access_log_dropped_total")
                .help("Lines that the access log could not take.")
                .callback(each -> each.call((double) dropped.getAsLong()))
                .register(registry);
    }

    /// Shows whether the control stream is up; read at each scrape.
    public void controlStream(BooleanSupplier connected) {
        callback("ebb_control_stream_connected", "1 while the control stream is up, else 0.")
                .callback(each -> each.call(connected.getAsBoolean() ? 1 : 0))
                .register(registry);
    }

    PrometheusRegistry registry() {
        return registry;
    }

    /// Clients choose destinations, so the values of the label are bounded.
    private String bounded(String destination) {
        if (destinations.contains(destination)) {
            return destination;
        }
        if (destinations.size() >= MAX_DESTINATIONS) {
            return OTHER;
        }
        destinations.add(destination);
        return destination;
    }

    private Counter counter(String name, String help, String... labels) {
        return Counter.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    private Gauge gauge(String name, String help, String... labels) {
        return Gauge.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .withoutExemplars()
                .register(registry);
    }

    /// Classic buckets only and no exemplars: a quarter of the cost on the hot path.
    private Histogram histogram(String name, String help, double[] buckets, String... labels) {
        return Histogram.builder()
                .name(name)
                .help(help)
                .labelNames(labels)
                .classicOnly()
                .classicUpperBounds(buckets)
                .withoutExemplars()
                .register(registry);
    }

    private void info(String name, String help, String label, String value) {
        Info.builder()
                .name(name)
                .help(help)
                .labelNames(label)
                .register(registry)
                .addLabelValues(value);
    }

    private GaugeWithCallback.Builder callback(String name, String help, String... labels) {
        return GaugeWithCallback.builder().name(name).help(help).labelNames(labels);
    }
}
