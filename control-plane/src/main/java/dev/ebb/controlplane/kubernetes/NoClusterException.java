package dev.ebb.controlplane.kubernetes;

/// It is not clear which cluster is meant; the message names what was looked at and what was
/// expected.
public final class NoClusterException extends Exception {

    NoClusterException(String reason) {
        super(reason);
    }
}
