package dev.ebb.logging;

import dev.ebb.env.Env;

/// Sets up the logging of the process.
public final class Logging {

    private Logging() {}

    /// Reads `EBB_LOG` (levels, default `warn,ebb=info`) and `EBB_LOG_FORMAT` (`plain` or `json`),
    /// and routes java.util.logging here. What is malformed is noted in `env` and leaves the
    /// default.
    public static void configure(Env env) {
        LogSink sink = SinkLoggers.INSTANCE.sink();
        env.read("EBB_LOG", LogLevels.EXPECTED, LogLevels::parse)
                .ifPresent(SinkLoggers.INSTANCE::levels);
        sink.format(env.oneOf("EBB_LOG_FORMAT", LogFormat.class, LogFormat.PLAIN));
        JulBridge.install(SinkLoggers.INSTANCE, sink.levels());
    }

    /// The levels in force, in the form of `EBB_LOG`.
    public static String levels() {
        return SinkLoggers.INSTANCE.sink().levels().toString();
    }

    /// Changes the levels of the running process.
    ///
    /// @throws IllegalArgumentException if the text has another form; nothing is changed then
    public static void levels(String text) {
        LogLevels levels = LogLevels.parse(text);
        SinkLoggers.INSTANCE.levels(levels);
        JulBridge.levels(levels);
    }
}
