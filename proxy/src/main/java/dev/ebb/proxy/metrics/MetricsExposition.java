package dev.ebb.proxy.metrics;

import dev.ebb.admin.MetricsWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes the metrics for the admin server, as Prometheus text or OpenMetrics by `Accept`.
public final class MetricsExposition implements MetricsWriter {

    private final ProxyMetrics metrics;
    private final ExpositionFormats formats = ExpositionFormats.init();

    public MetricsExposition(ProxyMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public String contentType(@Nullable String accept) {
        return writer(accept).getContentType();
    }

    @Override
    public void write(@Nullable String accept, OutputStream out) throws IOException {
        writer(accept).write(out, metrics.registry().scrape());
    }

    private ExpositionFormatWriter writer(@Nullable String accept) {
        return accept != null && accept.contains("application/openmetrics-text")
                ? formats.getOpenMetricsTextFormatWriter()
                : formats.getPrometheusTextFormatWriter();
    }
}
