package dev.ebb.bench.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Starts child processes and leaves none behind, also when the run is interrupted.
///
/// Safe for use by several threads: a shutdown hook closes it while the run may be starting the
/// next one.
public final class Children implements AutoCloseable {

    private final Path logs;
    private final List<Child> started = new ArrayList<>();
    private boolean closed;

    /// Makes the directory of the logs.
    ///
    /// @param logs the directory that takes `NAME.log` for each child
    public Children(Path logs) throws IOException {
        this.logs = Files.createDirectories(logs);
    }

    public synchronized Child start(Command command) throws IOException {
        if (closed) {
            throw new IOException(command.name() + ": not started, the run is ending");
        }
        Path log = logs.resolve(command.name() + ".log");
        ProcessBuilder builder =
                new ProcessBuilder(command.arguments())
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile());
        builder.environment().putAll(command.environment());
        Child child = new Child(command.name(), builder.start(), log);
        started.removeIf(earlier -> !earlier.isAlive());
        started.add(child);
        return child;
    }

    /// Ends every child, the last one first.
    @Override
    public synchronized void close() {
        closed = true;
        started.reversed().forEach(Child::end);
        started.clear();
    }
}
