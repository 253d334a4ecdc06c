package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.OriginalDestination;
import java.time.Duration;
import java.util.function.Supplier;

/// What the inbound direction asks and tells the rest of the proxy.
///
/// @param application where an accepted connection wants to go
/// @param detectLimit how long a connection may keep silent before it is relayed unparsed
/// @param leaving how far the departure has come; asked for each request and each response
/// @param ledger where each request ends up
/// @param metrics of the process
/// @param accessLog of the process
public record InboundSurroundings(
        OriginalDestination application,
        Duration detectLimit,
        Supplier<LeavingState> leaving,
        InboundLedger ledger,
        ProxyMetrics metrics,
        AccessLog accessLog) {}
