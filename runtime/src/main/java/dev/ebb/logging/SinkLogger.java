package dev.ebb.logging;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;
import org.slf4j.event.KeyValuePair;
import org.slf4j.event.Level;
import org.slf4j.event.LoggingEvent;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;
import org.slf4j.spi.LoggingEventAware;

/// A logger that hands what passes its level to the sink. Markers are ignored.
final class SinkLogger extends LegacyAbstractLogger implements LoggingEventAware {

    private static final long serialVersionUID = 1L;

    private final transient LogSink sink;

    /// The lowest level that is logged.
    private volatile int threshold;

    SinkLogger(String name, LogSink sink) {
        this.name = name;
        this.sink = sink;
        refresh();
    }

    /// The levels of the sink have changed.
    void refresh() {
        threshold = sink.levels().of(name);
    }

    @Override
    public boolean isTraceEnabled() {
        return isEnabled(Level.TRACE);
    }

    @Override
    public boolean isDebugEnabled() {
        return isEnabled(Level.DEBUG);
    }

    @Override
    public boolean isInfoEnabled() {
        return isEnabled(Level.INFO);
    }

    @Override
    public boolean isWarnEnabled() {
        return isEnabled(Level.WARN);
    }

    @Override
    public boolean isErrorEnabled() {
        return isEnabled(Level.ERROR);
    }

    /// The way of the fluent API, with key-values. Its builder has asked for the level already.
    @Override
    public void log(LoggingEvent event) {
        List<KeyValuePair> keyValues = event.getKeyValuePairs();
        write(
                event.getLevel(),
                event.getMessage(),
                event.getArgumentArray(),
                new LogLine.Content(
                        keyValues == null ? List.of() : keyValues, event.getThrowable()));
    }

    @Override
    protected void handleNormalizedLoggingCall(
            Level level,
            @Nullable Marker marker,
            String message,
            Object @Nullable [] arguments,
            @Nullable Throwable cause) {
        write(level, message, arguments, new LogLine.Content(List.of(), cause));
    }

    @Override
    protected @Nullable String getFullyQualifiedCallerName() {
        return null;
    }

    private boolean isEnabled(Level level) {
        return level.toInt() >= threshold;
    }

    private void write(
            Level level,
            @Nullable String pattern,
            Object @Nullable [] arguments,
            LogLine.Content content) {
        String message = MessageFormatter.basicArrayFormat(pattern, arguments);
        sink.write(
                new LogLine(
                        Instant.now(),
                        level,
                        name,
                        Thread.currentThread().getName(),
                        message == null ? "" : message,
                        content));
    }
}
