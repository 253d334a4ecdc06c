package dev.ebb.e2e.app;

import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.Request;
import dev.ebb.cli.demo.web.OriginRecord;
import dev.ebb.cli.demo.web.WebServer;
import dev.ebb.e2e.app.Options.Target;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;

/// `web --port=8080`: serves GET and POST, and writes the id of every request before it answers.
/// TERM and INT end it in order, with exit code 0.
///
/// With `--call-at-stop=host:port` its end takes `--stop-ms` (20,000): in that time it goes on
/// serving and makes `--calls` (100) calls, each on a connection of its own.
final class WebApp {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(10);

    private final WebServer server;
    private final OriginRecord record;
    private final Optional<Target> callAtStop;
    private final Duration stop;
    private final int calls;

    private WebApp(Options options) throws IOException {
        String name = Optional.ofNullable(System.getenv("HOSTNAME")).orElse("web");
        InetSocketAddress address = new InetSocketAddress(options.number("port", 8080));
        callAtStop = options.target("call-at-stop");
        stop = options.millis("stop-ms", Duration.ofSeconds(20));
        calls = options.number("calls", 100);
        options.finish();
        record = OriginRecord.onStandardOutput();
        server = WebServer.start(address, name, record);
    }

    static void start(Options options) throws IOException {
        WebApp app = new WebApp(options);
        app.record.life("started");
        Runtime.getRuntime().addShutdownHook(new Thread(app::end, "term"));
    }

    private void end() {
        record.life("term");
        callAtStop.ifPresent(this::call);
        server.stop();
        record.life("stopped");
        // An application that ended as it was asked to exits with 0, not with the JVM's 128 + 15.
        Runtime.getRuntime().halt(0);
    }

    private void call(Target target) {
        long interval = stop.toNanos() / calls;
        long start = System.nanoTime();
        String run = "at-stop-" + ProcessHandle.current().pid() + "-" + System.currentTimeMillis();
        try (RawClient client =
                new RawClient(target.authority(), TIME_LIMIT, RawClient.Reuse.NEVER)) {
            for (int i = 0; i < calls; i++) {
                long due = start + i * interval;
                for (long left = due - System.nanoTime();
                        left > 0;
                        left = due - System.nanoTime()) {
                    LockSupport.parkNanos(left);
                }
                Outcome outcome =
                        client.send(() -> Optional.of(target.resolve()), Request.numbered(run, i));
                Journal.write("call", i, word(outcome));
            }
        }
    }

    private static String word(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Answered _ -> "answered";
            case Outcome.Lost(String reason) -> "lost: " + reason;
        };
    }
}
