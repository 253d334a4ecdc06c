package dev.ebb.controlplane;

import dev.ebb.admin.MetricsWriter;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.IndexStats;
import dev.ebb.controlplane.model.Instance;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/// Every metric of the control plane, name and label. Thread-safe.
final class ControlPlaneMetrics implements IndexEvents, MetricsWriter {
    private static final double[] HOLD_BUCKETS = {0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300};

    private final PrometheusRegistry registry = new PrometheusRegistry();
    private final ExpositionFormats formats = ExpositionFormats.init();
    private final Counter departures =
            Counter.builder()
                    .name("ebb_control_departures_total")
                    .help("Departures that have ended, by outcome.")
                    .labelNames("outcome")
                    .register(registry);
    private final Histogram hold =
            Histogram.builder()
                    .name("ebb_control_hold_seconds")
                    .help("From the beginning of a departure to its release.")
                    .classicOnly()
                    .classicUpperBounds(HOLD_BUCKETS)
                    .register(registry);
    private final Counter lapsedVotes =
            Counter.builder()
                    .name("ebb_control_lapsed_votes_total")
                    .help("Votes of subscribers whose lease ended before they had applied.")
                    .register(registry);
    private final Counter ignoredAcks =
            Counter.builder()
                    .name("ebb_control_ignored_acks_total")
                    .help("Acknowledgements that said nothing new or nothing true.")
                    .register(registry);
    private final Counter registryErrors =
            Counter.builder()
                    .name("ebb_control_registry_reload_errors_total")
                    .help("States of the registry file that were refused.")
                    .register(registry);

    /// @param stats reads the sizes of the index
    ControlPlaneMetrics(Supplier<IndexStats> stats, String version) {
        gauge("ebb_control_streams", "Control streams.", stats, IndexStats::connections);
        gauge("ebb_control_subscriptions", "Subscriptions.", stats, IndexStats::subscriptions);
        gauge(
                "ebb_control_outstanding_states",
                "States that were sent and are not applied.",
                stats,
                IndexStats::outstanding);
        gauge("ebb_control_destinations", "Destinations.", stats, IndexStats::destinations);
        gauge(
                "ebb_control_departures_underway",
                "Departures that have not ended.",
                stats,
                IndexStats::departures);
        Info.builder()
                .name("ebb_build_info")
                .help("The version of the process.")
                .labelNames("version")
                .register(registry)
                .addLabelValues(version);
        for (String outcome : DepartureLog.ENDINGS) {
            departures.initLabelValues(outcome);
        }
    }

    @Override
    public void departureBegan(DepartureReport departure) {}

    @Override
    public void departureReleased(DepartureReport departure, Duration held) {
        hold.observe(held.toNanos() / 1e9);
    }

    @Override
    public void departureEnded(DepartureReport departure) {
        departures.labelValues(DepartureLog.word(departure.outcome())).inc();
    }

    @Override
    public void voteLapsed(Instance subscriber, DestinationName destination, Instance departing) {
        lapsedVotes.inc();
    }

    @Override
    public void ackIgnored(Instance subscriber) {
        ignoredAcks.inc();
    }

    /// Tells of the watches of a cluster.
    ///
    /// @param reader hands each resource to its argument, with the seconds since its watch gave a
    ///   sign of life
    void watches(Consumer<ObjDoubleConsumer<String>> reader) {
        GaugeWithCallback.builder()
                .name("ebb_watch_last_event_seconds")
                .help("How long ago the watch of a resource gave a sign of life.")
                .labelNames("resource")
                .callback(callback ->
                        reader.accept((resource, seconds) -> callback.call(seconds, resource)))
                .register(registry);
    }

    /// A state of the registry file was refused.
    void registryError() {
        registryErrors.inc();
    }

    @Override
    public String contentType(@Nullable String accept) {
        return writer(accept).getContentType();
    }

    @Override
    public void write(@Nullable String accept, OutputStream out) throws IOException {
        writer(accept).write(out, registry.scrape());
    }

    private ExpositionFormatWriter writer(@Nullable String accept) {
        return accept == null
                ? formats.getPrometheusTextFormatWriter()
                : formats.findWriter(accept);
    }

    private void gauge(
            String name, String help, Supplier<IndexStats> stats, ToIntFunction<IndexStats> size) {
        GaugeWithCallback.builder()
                .name(name)
                .help(help)
                .callback(callback -> callback.call(size.applyAsInt(stats.get())))
                .register(registry);
    }
}
