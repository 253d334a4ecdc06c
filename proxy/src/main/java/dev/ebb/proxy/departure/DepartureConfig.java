package dev.ebb.proxy.departure;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/// How this instance leaves.
///
/// @param grace from the beginning of a departure until the kill, where no kubelet tells
/// @param floor the least time from the beginning until the application is told, for clients
///   outside the mesh
/// @param safeMinimum the hold when nobody can say who still picks this instance
/// @param hold whether departures are held at all; a test setting
/// @param term what a TERM says about the application
/// @param application where the local application listens; empty if inbound traffic goes nowhere
public record DepartureConfig(
        Duration grace,
        Duration floor,
        Duration safeMinimum,
        Hold hold,
        TermMeaning term,
        Optional<InetSocketAddress> application) {

    public DepartureConfig {
        atLeastZero("grace", grace);
        atLeastZero("floor", floor);
        atLeastZero("safe minimum", safeMinimum);
    }

    /// Whether Kubernetes starts and ends this process around the application.
    public boolean isNativeSidecar() {
        return term == TermMeaning.NATIVE_SIDECAR;
    }

    private static void atLeastZero(String name, Duration duration) {
        if (duration.isNegative()) {
            throw new IllegalArgumentException(name + ": " + duration + " (expected: >= 0s)");
        }
    }

    /// Whether departures are held.
    public enum Hold {
        /// They are.
        ENABLED,
        /// Every departure is released at once: the negative control of tests.
        DISABLED
    }

    /// What a TERM says about the application.
    public enum TermMeaning {
        /// Nothing: a plain container gets its TERM together with the application.
        PLAIN_CONTAINER,
        /// It has gone: a native sidecar is told after all others have ended.
        NATIVE_SIDECAR
    }
}
