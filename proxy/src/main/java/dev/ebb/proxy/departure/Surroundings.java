package dev.ebb.proxy.departure;

import dev.ebb.proxy.application.ApplicationActivity;
import dev.ebb.proxy.application.MonotonicClock;
import java.util.concurrent.CompletionStage;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/// What a departure sees of the rest of the proxy; all of it may be read on any thread.
///
/// @param counts what becomes of inbound requests
/// @param outside when a client outside the mesh was last seen, by `clock`
/// @param activity the traffic of the local application
/// @param inboundConnections downstream connections of the inbound direction that are open
/// @param expectant counts the connections on which a request of an Ebb client may be on its way,
///   once everything that has arrived by the call was read
/// @param clock the one clock of the departure
public record Surroundings(
        RequestCounts counts,
        OutsideTraffic outside,
        ApplicationActivity activity,
        IntSupplier inboundConnections,
        Supplier<CompletionStage<Integer>> expectant,
        MonotonicClock clock) {}
