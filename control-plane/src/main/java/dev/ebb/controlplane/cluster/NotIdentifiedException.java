package dev.ebb.controlplane.cluster;

/// A token does not tell who shows it; the message says what was expected.
public final class NotIdentifiedException extends Exception {

    public NotIdentifiedException(String reason) {
        super(reason);
    }
}
