package dev.ebb.e2e.app;

import dev.ebb.cli.demo.load.Caller;
import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.RawClient.Reuse;
import dev.ebb.cli.demo.load.Request;
import dev.ebb.cli.demo.load.Route;
import dev.ebb.e2e.app.Options.Target;
import dev.ebb.e2e.app.Options.UsageException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;

/// `load --to=host:port --rate=20 --connections=keep-alive|per-request`: sends requests at a steady
/// rate, each once, and writes one line with the outcome of each. It begins once a first request
/// has been answered, and writes `loading`. TERM ends it: it sends nothing more, waits for what is
/// on its way, writes `done` with the number of requests, and exits with 0.
///
/// With `--through=host:port` it connects there, to a proxy that goes by the `Host` field.
final class LoadApp {
    /// As long as the slowest departure of the suite; a slow machine is not a lost request.
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    /// How long the way to the service may take to come up.
    private static final Duration WARM_UP = Duration.ofMinutes(5);

    private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);

    private final RawClient client;
    private final Load load;

    private LoadApp(String name, Target target, Route route, int rate, Reuse reuse) {
        client = new RawClient(target.authority(), TIME_LIMIT, reuse);
        awaitAnswer(name, route);
        Journal.write("loading");
        load =
                Load.start(
                        new Load.Settings(name, rate, List.of(new Caller(name, route))),
                        client,
                        request -> Journal.write("request", request.line()));
    }

    static void start(Options options) {
        Target target = options.requiredTarget("to");
        Target hop = options.target("through").orElse(target);
        int rate = options.number("rate", 20);
        Reuse reuse = reuse(options.text("connections").orElse("keep-alive"));
        options.finish();
        String name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("load");
        LoadApp app = new LoadApp(name, target, () -> Optional.of(hop.resolve()), rate, reuse);
        Runtime.getRuntime().addShutdownHook(new Thread(app::end, "term"));
        park();
    }

    private static Reuse reuse(String word) {
        return switch (word) {
            case "keep-alive" -> Reuse.KEEP_ALIVE;
            case "per-request" -> Reuse.NEVER;
            default ->
                    throw new UsageException(
                            "--connections=%s (expected: keep-alive or per-request)"
                                    .formatted(word));
        };
    }

    private void awaitAnswer(String name, Route route) {
        long end = System.nanoTime() + WARM_UP.toNanos();
        for (long number = 0; ; number++) {
            Outcome outcome = client.send(route, Request.numbered("warm-up-" + name, number));
            if (outcome instanceof Outcome.Answered) {
                return;
            }
            if (System.nanoTime() - end > 0) {
                Journal.write("no answer", outcome);
                System.exit(69);
            }
            LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
        }
    }

    private void end() {
        Journal.write("term");
        try {
            load.stop(TIME_LIMIT);
            client.close();
            Journal.write("done", load.sent(), load.lost());
        } catch (TimeoutException e) {
            Journal.write("unfinished", load.sent());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(0);
    }

    /// The load runs on a daemon thread: this one keeps the process.
    private static void park() {
        while (true) {
            LockSupport.park();
        }
    }
}
