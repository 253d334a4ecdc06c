/// Every metric name and label, in one place. Start at: ProxyMetrics.
@NullMarked
package dev.ebb.proxy.metrics;

import org.jspecify.annotations.NullMarked;
