package dev.ebb.proxy.http1;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells a failure of ours from the ordinary ends of connections, which are not worth a line.
final class Failures {

    private static final Logger log = LoggerFactory.getLogger(Failures.class);

    private Failures() {}

    static void log(Throwable cause, Object connection) {
        if (cause instanceof IOException) {
            return;
        }
        log.atWarn()
                .addKeyValue("connection", connection)
                .addKeyValue("cause", cause)
                .log("A connection was given up because of an unexpected failure");
        log.atDebug().setCause(cause).log("The failure");
    }
}
