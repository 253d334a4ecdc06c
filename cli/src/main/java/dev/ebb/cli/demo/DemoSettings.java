package dev.ebb.cli.demo;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What a user asked the demo to do.
///
/// @param home the top of the repository, where the packaged programs are
/// @param slowClient how late one of the two clients learns of changes
/// @param guess what the `sleep` scenario guesses
/// @param rate requests per second
/// @param rounds how often every replica is replaced
/// @param evidence where to leave the files; empty for a temporary directory
public record DemoSettings(
        Path home,
        List<Scenario> scenarios,
        Duration slowClient,
        Duration guess,
        int rate,
        int rounds,
        Optional<Path> evidence,
        After after) {
    static final int REPLICAS = 3;

    /// How late a client is that is not slow, where no mesh tells it: an EndpointSlice's way to a
    /// node's routing rules.
    private static final Duration SMALL_LAG = Duration.ofMillis(250);

    public DemoSettings {
        scenarios = scenarios.stream().distinct().sorted().toList();
    }

    /// What happens when the last scenario has ended.
    public enum After {
        END,
        /// The mesh goes on until the user ends it.
        KEEP
    }

    Duration smallLag() {
        return SMALL_LAG;
    }

    Duration slowLag() {
        return slowClient.compareTo(SMALL_LAG) > 0 ? slowClient : SMALL_LAG;
    }

    /// The grace of a replica: its hold budget (design: a bit over half of it) covers the slow
    /// client with room to spare.
    Duration grace() {
        return Duration.ofSeconds(30).plus(slowClient.multipliedBy(2));
    }
}
