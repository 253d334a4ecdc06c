package dev.ebb.e2e.app;

import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.Request;
import dev.ebb.e2e.app.Options.Target;
import java.time.Duration;
import java.util.Optional;

/// `job --exit=3`: the work of a Job. With `--to=host:port` it sends `--calls` (10) requests first;
/// one that is lost makes the exit code 1, whatever was asked for.
final class JobApp {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(20);

    private JobApp() {}

    /// Returns the exit code.
    static int run(Options options) {
        int exit = options.number("exit", 0);
        int calls = options.number("calls", 10);
        Optional<Target> target = options.target("to");
        options.finish();

        int lost = target.map(each -> call(each, calls)).orElse(0);
        Journal.write("worked", lost, exit);
        return lost == 0 ? exit : 1;
    }

    private static int call(Target target, int calls) {
        String run =
                "job-" + Optional.ofNullable(System.getenv("HOSTNAME")).orElse("local") + "-call";
        int lost = 0;
        try (RawClient client = new RawClient(target.authority(), TIME_LIMIT)) {
            for (int i = 0; i < calls; i++) {
                Outcome outcome =
                        client.send(() -> Optional.of(target.resolve()), Request.numbered(run, i));
                if (outcome instanceof Outcome.Lost(String reason)) {
                    Journal.write("lost", reason);
                    lost++;
                }
            }
        }
        return lost;
    }
}
