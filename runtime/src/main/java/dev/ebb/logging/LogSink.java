package dev.ebb.logging;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Where log lines go, and which: the state that all loggers share. Thread-safe.
final class LogSink {

    private static final String DEFAULT_LEVELS = "warn,ebb=info";

    private final OutputStream out;
    private volatile LogLevels levels = LogLevels.parse(DEFAULT_LEVELS);
    private volatile LogFormat format = LogFormat.PLAIN;

    /// @param out unbuffered, so that a line is out when the call returns and exiting needs no
    ///   flush
    LogSink(OutputStream out) {
        this.out = out;
    }

    LogLevels levels() {
        return levels;
    }

    void levels(LogLevels levels) {
        this.levels = levels;
    }

    void format(LogFormat format) {
        this.format = format;
    }

    /// Writes a line with one system call, so that lines of several processes on one pipe do not
    /// mix.
    void write(LogLine line) {
        byte[] bytes = line.text(format).getBytes(StandardCharsets.UTF_8);
        try {
            synchronized (this) {
                out.write(bytes);
            }
        } catch (IOException e) {
            // Nobody reads the log any more, and there is no other place to say so.
            return;
        }
    }
}
