package dev.ebb.bench.candidate;

import dev.ebb.bench.process.Command;
import java.io.IOException;
import java.time.Duration;

/// A proxy that can be measured: how it is started so that it takes HTTP/1.1 on one port and passes
/// it on over kept connections to the origin, with two threads and without an access log.
public interface Candidate {

    /// Short, for tables and file names.
    String name();

    /// What the requests ask for.
    default String destination() {
        return "web.bench";
    }

    /// What the program itself says.
    String version() throws IOException;

    /// How long it is loaded before anything is measured.
    Duration warmUp();

    /// Writes its configuration and gives the command that starts it.
    Command at(Site site) throws IOException;
}
