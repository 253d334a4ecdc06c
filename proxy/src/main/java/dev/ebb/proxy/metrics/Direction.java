package dev.ebb.proxy.metrics;

/// The value of the label `direction`.
public enum Direction {
    /// From the mesh to the local application.
    INBOUND("inbound"),
    /// From the local application to the mesh.
    OUTBOUND("outbound");

    private final String label;

    Direction(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
