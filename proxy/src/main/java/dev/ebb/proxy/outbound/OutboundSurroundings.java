package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.OriginalDestination;
import dev.ebb.proxy.transport.OwnListeners;
import java.time.Duration;

/// What the outbound direction asks and tells the rest of the proxy.
///
/// @param original where an accepted connection wanted to go, if it was redirected
/// @param detectLimit how long a redirected connection may keep silent before it is relayed
///   unparsed
/// @param resolver tells where destinations are
/// @param ownListeners all of them: what asks for one is refused
/// @param metrics of the process
/// @param accessLog of the process
public record OutboundSurroundings(
        OriginalDestination original,
        Duration detectLimit,
        Resolver resolver,
        OwnListeners ownListeners,
        ProxyMetrics metrics,
        AccessLog accessLog) {}
