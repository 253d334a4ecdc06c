package dev.ebb.logging;

import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.slf4j.ILoggerFactory;
import org.slf4j.event.Level;

/// Hands what is logged through java.util.logging, as grpc-java and the JDK do, to our loggers.
final class JulBridge extends Handler {

    private final SimpleFormatter formatter = new SimpleFormatter();

    private final ILoggerFactory loggers;

    JulBridge(ILoggerFactory loggers) {
        this.loggers = loggers;
    }

    /// Replaces all of java.util.logging's handlers.
    static void install(ILoggerFactory loggers, LogLevels levels) {
        LogManager.getLogManager().reset();
        Logger root = Logger.getLogger("");
        root.addHandler(new JulBridge(loggers));
        levels(levels);
    }

    /// Lets through all that any of our loggers might want; each decides for itself then.
    static void levels(LogLevels levels) {
        Logger.getLogger("").setLevel(julLevel(levels.lowest()));
    }

    @Override
    public void publish(LogRecord event) {
        String name = event.getLoggerName();
        loggers.getLogger(name == null || name.isEmpty() ? "jul" : name)
                .atLevel(level(event.getLevel().intValue()))
                .setCause(event.getThrown())
                .log("{}", formatter.formatMessage(event));
    }

    @Override
    public void flush() {
        // Lines are out when they have been written.
    }

    @Override
    public void close() {
        // Holds nothing.
    }

    private static Level level(int julLevel) {
        if (julLevel >= java.util.logging.Level.SEVERE.intValue()) {
            return Level.ERROR;
        } else if (julLevel >= java.util.logging.Level.WARNING.intValue()) {
            return Level.WARN;
        } else if (julLevel >= java.util.logging.Level.INFO.intValue()) {
            return Level.INFO;
        } else if (julLevel >= java.util.logging.Level.FINE.intValue()) {
            return Level.DEBUG;
        }
        return Level.TRACE;
    }

    private static java.util.logging.Level julLevel(int threshold) {
        if (threshold == LogLevels.OFF) {
            return java.util.logging.Level.OFF;
        }
        return switch (Level.intToLevel(threshold)) {
            case ERROR -> java.util.logging.Level.SEVERE;
            case WARN -> java.util.logging.Level.WARNING;
            case INFO -> java.util.logging.Level.INFO;
            case DEBUG -> java.util.logging.Level.FINE;
            case TRACE -> java.util.logging.Level.ALL;
        };
    }
}
