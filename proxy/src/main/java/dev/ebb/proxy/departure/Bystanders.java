package dev.ebb.proxy.departure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a departure looks at when it decides.
///
/// @param lastOutside when the last request of a client outside the mesh came; null if never
/// @param connections inbound connections that are open
/// @param wire whether requests of Ebb clients may still be on their way
/// @param readUntil whatever had arrived by then has been read: a proxy that is given no processor
///   knows of requests late, and silence is none before it has looked
record Bystanders(@Nullable Duration lastOutside, int connections, Wire wire, Duration readUntil) {

    /// Without a request from outside the mesh for this long before the departure nobody is waited
    /// for.
    static final Duration LOOK_BACK = Duration.ofSeconds(30);

    /// Clients outside the mesh are thought to have gone after this long without a request.
    static final Duration QUIET = Duration.ofSeconds(1);

    /// Whether no client outside the mesh is thought to come any more.
    ///
    /// @param decided before what arrived until then has been read, nobody can tell
    boolean areQuiet(Duration began, Duration decided) {
        if (readUntil.compareTo(decided) < 0) {
            return false;
        }
        if (lastOutside == null || lastOutside.compareTo(began.minus(LOOK_BACK)) < 0) {
            return true;
        }
        Duration from = lastOutside.compareTo(began) < 0 ? began : lastOutside;
        return readUntil.compareTo(from.plus(QUIET)) >= 0;
    }

    /// What is known of the connections of Ebb clients since the decision.
    enum Wire {
        /// A request may be on its way.
        EXPECTANT,
        /// Whatever was sent has been read.
        EMPTY
    }
}
