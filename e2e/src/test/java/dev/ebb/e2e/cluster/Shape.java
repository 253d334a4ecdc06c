package dev.ebb.e2e.cluster;

import java.util.Locale;

/// How the proxy stands in a pod.
public enum Shape {
    /// An init container that is restarted always: it starts before the application and ends after
    /// it.
    NATIVE,
    /// A container beside the application: both are told to stop at the same time.
    PLAIN;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
