package dev.ebb.admin;

import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Writes the metrics of the process. Called on any thread, several at once.
public interface MetricsWriter {

    /// The content type that [#write] will produce for this `Accept` header.
    String contentType(@Nullable String accept);

    /// Writes all metrics; does not close `out`.
    void write(@Nullable String accept, OutputStream out) throws IOException;
}
