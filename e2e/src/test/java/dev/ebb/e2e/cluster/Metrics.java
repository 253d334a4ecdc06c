package dev.ebb.e2e.cluster;

/// Reads Prometheus text.
public final class Metrics {
    private Metrics() {}

    /// The sum of all samples of one name; 0 if there is none.
    public static double sum(String exposition, String name) {
        return exposition
                .lines()
                .filter(line -> line.startsWith(name + "{") || line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
