package dev.ebb.bench.report;

import java.util.stream.DoubleStream;

/// The middle value: what a single disturbed round does not move.
final class Median {

    private Median() {}

    /// The middle of the values, or the mean of the two middle ones; not a number if there is none.
    static double of(DoubleStream values) {
        double[] sorted = values.sorted().toArray();
        if (sorted.length == 0) {
            return Double.NaN;
        }
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
    }
}
