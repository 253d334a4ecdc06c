package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.OwnListeners;

/// What the outbound direction asks and tells the rest of the proxy.
///
/// @param resolver tells where destinations are
/// @param unaskable all own listeners: an authority that names one is refused
/// @param unreachable own listeners that must not be connected to whatever discovery says: all but
///   the inbound one, since an instance may be its own client
/// @param metrics of the process
/// @param accessLog of the process
public record OutboundSurroundings(
        Resolver resolver,
        OwnListeners unaskable,
        OwnListeners unreachable,
        ProxyMetrics metrics,
        AccessLog accessLog) {}
