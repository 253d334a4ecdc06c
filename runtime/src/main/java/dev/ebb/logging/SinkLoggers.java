package dev.ebb.logging;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.slf4j.ILoggerFactory;
import org.slf4j.Logger;

/// Every logger of the process. Thread-safe.
final class SinkLoggers implements ILoggerFactory {

    /// Those that SLF4J hands out.
    static final SinkLoggers INSTANCE =
            new SinkLoggers(new LogSink(new FileOutputStream(FileDescriptor.err)));

    private final LogSink sink;
    private final ConcurrentMap<String, SinkLogger> loggers = new ConcurrentHashMap<>();

    SinkLoggers(LogSink sink) {
        this.sink = sink;
    }

    LogSink sink() {
        return sink;
    }

    @Override
    public Logger getLogger(String name) {
        return loggers.computeIfAbsent(name, n -> new SinkLogger(n, sink));
    }

    void levels(LogLevels levels) {
        sink.levels(levels);
        loggers.values().forEach(SinkLogger::refresh);
    }
}
