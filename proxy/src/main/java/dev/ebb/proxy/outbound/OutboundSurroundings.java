package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.OwnListeners;

/// What the outbound direction asks and tells the rest of the proxy.
///
/// @param resolver tells where destinations are
/// @param ownListeners all of them: an authority that names one is refused
/// @param metrics of the process
/// @param accessLog of the process
public record OutboundSurroundings(
        Resolver resolver, OwnListeners ownListeners, ProxyMetrics metrics, AccessLog accessLog) {}
