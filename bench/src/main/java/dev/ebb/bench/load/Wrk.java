package dev.ebb.bench.load;

import dev.ebb.bench.process.Child;
import dev.ebb.bench.process.Children;
import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// As much load as goes through a number of connections: each sends its next request when it has
/// been answered.
public final class Wrk {

    private final Path program;
    private final Children children;

    public Wrk(Path program, Children children) {
        this.program = program;
        this.children = children;
    }

    /// Loads a target and waits for the end.
    ///
    /// @param seconds wrk counts in whole seconds
    public WrkReport run(Target target, int connections, int seconds)
            throws IOException, InterruptedException {
        Child wrk =
                children.start(
                        Command.of(
                                "wrk",
                                List.of(
                                        program.toString(),
                                        "--threads=1",
                                        "--connections=" + connections,
                                        "--duration=" + seconds + "s",
                                        "--header=Host: " + target.authority(),
                                        "http://127.0.0.1:" + target.port() + target.path())));
        int code = wrk.awaitExit(Duration.ofSeconds(seconds + 10L));
        if (code != 0) {
            throw new IOException("wrk: exit code " + code + ": " + wrk.output());
        }
        return WrkReport.parse(wrk.output());
    }
}
