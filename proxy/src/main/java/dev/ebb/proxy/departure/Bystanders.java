package dev.ebb.proxy.departure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a departure looks at when it decides.
///
/// @param lastOutside when the last request of a client outside the mesh came; null if never
/// @param connections inbound connections that are open
/// @param wire whether requests of Ebb clients may still be on their way
record Bystanders(@Nullable Duration lastOutside, int connections, Wire wire) {

    /// What is known of the connections of Ebb clients since the decision.
    enum Wire {
        /// A request may be on its way.
        EXPECTANT,
        /// Whatever was sent has been read.
        EMPTY
    }
}
