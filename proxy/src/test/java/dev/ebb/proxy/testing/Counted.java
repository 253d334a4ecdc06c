package dev.ebb.proxy.testing;

import dev.ebb.proxy.metrics.MetricsExposition;
import dev.ebb.proxy.metrics.ProxyMetrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// What was counted, read the way a scraper does.
public final class Counted {

    private Counted() {}

    /// The value of a series, 0 if it is absent.
    ///
    /// @param series name and labels as they are exposed: `ebb_resent_total{reason="not_sent"}`
    public static double value(ProxyMetrics metrics, String series) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            new MetricsExposition(metrics).write(null, out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return out.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.startsWith(series + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(series.length() + 1)))
                .sum();
    }
}
