package dev.ebb.drain;

import java.time.Duration;
import java.util.List;

/// How a drain ended.
public sealed interface DrainOutcome {

    /// Everything that was held has been let go of.
    ///
    /// @param took from the beginning of the drain
    record Complete(Duration took) implements DrainOutcome {}

    /// The grace ended first.
    ///
    /// @param stillHeld the name of each lease that was open at that moment
    record GraceExpired(List<String> stillHeld) implements DrainOutcome {
        public GraceExpired {
            stillHeld = List.copyOf(stillHeld);
        }
    }
}
