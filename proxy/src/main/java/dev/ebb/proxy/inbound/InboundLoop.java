package dev.ebb.proxy.inbound;

import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.metrics.RequestMetrics;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.LoopTick;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What the inbound requests of one event loop share.
///
/// @param uid this instance
/// @param tick the loop's clock
/// @param held what bodies of requests may hold, waiting or to be sent again
/// @param leaving how far the departure has come; read anew for each request and response
/// @param ledger where each request ends up
/// @param requests where the application's requests are counted
record InboundLoop(
        String uid,
        LoopTick tick,
        Budget held,
        Supplier<LeavingState> leaving,
        InboundLedger ledger,
        ProxyMetrics metrics,
        RequestMetrics requests,
        AccessLog accessLog) {

    private static final Logger log = LoggerFactory.getLogger(InboundRequest.class);

    void logError(ProxyError error) {
        log.atDebug()
                .addKeyValue("reason", ErrorResponses.of(error).reason())
                .addKeyValue("detail", error.detail())
                .log("Answered a request with an error");
    }
}
