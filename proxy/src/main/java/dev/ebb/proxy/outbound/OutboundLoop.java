package dev.ebb.proxy.outbound;

import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.transport.OwnListeners;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the outbound requests of one event loop share.
///
/// @param tick the loop's clock
/// @param held what bodies of requests may hold, waiting or to be sent again
/// @param destinations in use on the loop
/// @param ownListeners that must not be reached
record OutboundLoop(
        OutboundSettings settings,
        LoopTick tick,
        Budget held,
        Destinations destinations,
        OwnListeners ownListeners,
        ProxyMetrics metrics,
        AccessLog accessLog) {

    private static final Logger log = LoggerFactory.getLogger(OutboundRequest.class);

    void logError(ProxyError error) {
        log.atDebug()
                .addKeyValue("reason", ErrorResponses.of(error).reason())
                .addKeyValue("detail", error.detail())
                .log("Answered a request with an error");
    }
}
