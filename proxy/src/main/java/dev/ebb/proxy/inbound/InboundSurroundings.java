package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.OriginalDestination;
import dev.ebb.proxy.transport.OwnListeners;
import java.util.function.Supplier;

/// What the inbound direction asks and tells the rest of the proxy.
///
/// @param application where an accepted connection wants to go
/// @param ownListeners all of them: inbound traffic must reach none
/// @param leaving how far the departure has come; asked for each request and each response
/// @param ledger where each request ends up
/// @param metrics of the process
/// @param accessLog of the process
public record InboundSurroundings(
        OriginalDestination application,
        OwnListeners ownListeners,
        Supplier<LeavingState> leaving,
        InboundLedger ledger,
        ProxyMetrics metrics,
        AccessLog accessLog) {}
