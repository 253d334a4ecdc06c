package dev.ebb.proxy;

import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Where TERM, INT and `POST /shutdown` come together: the first one ends the process, the others
/// are logged. Thread-safe.
final class EndOfProcess {

    private static final Logger LOG = LoggerFactory.getLogger(EndOfProcess.class);

    private final CompletableFuture<Reason> first = new CompletableFuture<>();

    /// Asks for the end.
    void request(Reason reason) {
        if (first.complete(reason)) {
            LOG.atInfo().addKeyValue("reason", reason).log("Asked to end");
        } else {
            LOG.atInfo()
                    .addKeyValue("reason", reason)
                    .addKeyValue("first", first.getNow(reason))
                    .log("Asked to end again; already ending");
        }
    }

    /// Blocks until somebody asks.
    Reason await() {
        return first.join();
    }

    /// Who asked.
    enum Reason {
        TERM,
        INT,
        /// `POST /shutdown`: the application has gone.
        SHUTDOWN,
        /// The control plane has seen that the application has terminated for good.
        APPLICATION_GONE
    }
}
