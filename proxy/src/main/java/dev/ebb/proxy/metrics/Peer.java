package dev.ebb.proxy.metrics;

/// The value of the label `peer`: which leg a connection belongs to.
public enum Peer {
    /// Downstream: the leg that was accepted.
    SOURCE("src"),
    /// Upstream: the leg that was opened.
    DESTINATION("dst");

    private final String label;

    Peer(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
