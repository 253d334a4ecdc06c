package dev.ebb.proxy.departure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a departure looks at when it decides.
///
/// @param lastOutside when the last request of a client outside the mesh came; null if never
/// @param connections inbound connections that are open
/// @param wire whether requests of Ebb clients may still be on their way
record Bystanders(@Nullable Duration lastOutside, int connections, Wire wire) {

    /// Without a request from outside the mesh for this long before the departure nobody is waited
    /// for.
    static final Duration LOOK_BACK = Duration.ofSeconds(30);

    /// Clients outside the mesh are thought to have gone after this long without a request.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// Whether no client outside the mesh is thought to come any more.
    boolean areQuiet(Duration began, Duration now) {
        if (lastOutside == null || lastOutside.compareTo(began.minus(LOOK_BACK)) < 0) {
            return true;
        }
        Duration from = lastOutside.compareTo(began) < 0 ? began : lastOutside;
        return now.compareTo(from.plus(QUIET)) >= 0;
    }

    /// What is known of the connections of Ebb clients since the decision.
    enum Wire {
        /// A request may be on its way.
        EXPECTANT,
        /// Whatever was sent has been read.
        EMPTY
    }
}
