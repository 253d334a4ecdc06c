package dev.ebb.cli.demo;

import dev.ebb.cli.demo.load.Load;
import dev.ebb.cli.demo.load.RawClient;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Judge;
import dev.ebb.cli.demo.report.Restart;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.cli.terminal.Progress;
import dev.ebb.cli.terminal.ShortDuration;
import dev.ebb.lifecycle.ExitCode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeoutException;

/// One scenario on one stage: the load runs, the replicas are replaced one after the other, and the
/// files that come of it are judged. Used by one thread.
final class ScenarioRun {
    /// Long, so that a machine that is too slow for the load is not taken for a lost request.
    private static final Duration TIME_LIMIT = Duration.ofSeconds(60);

    /// The load runs for this long before the first restart.
    private static final Duration LEAD = Duration.ofSeconds(1);

    private final Scenario scenario;
    private final DemoSettings settings;
    private final Stage stage;
    private final Evidence evidence;
    private final Progress progress;
    private final Queue<RequestRecord> requests = new ConcurrentLinkedQueue<>();
    private final List<Restart> restarts = new ArrayList<>();

    ScenarioRun(
            Scenario scenario,
            DemoSettings settings,
            Stage stage,
            Evidence evidence,
            Progress progress) {
        this.scenario = scenario;
        this.settings = settings;
        this.stage = stage;
        this.evidence = evidence;
        this.progress = progress;
    }

    ScenarioResult run() throws InterruptedException {
        say("starting %d replicas".formatted(DemoSettings.REPLICAS));
        stage.start();
        try (RawClient client = new RawClient(Mesh.AUTHORITY, TIME_LIMIT)) {
            Load load =
                    Load.start(
                            new Load.Settings(
                                    scenario.toString(), settings.rate(), stage.callers()),
                            client,
                            requests::add);
            Thread.sleep(LEAD);
            restartAll(load);
            // What the last restart breaks shows until the slow client has heard of it.
            progress.status(() -> status(load, "until the slow client has heard of the last one"));
            Thread.sleep(settings.slowLag());
            stop(load);
        }
        List<RequestRecord> log = new ArrayList<>(requests);
        log.sort(Comparator.comparing(RequestRecord::id));
        evidence.write(log, restarts, stage.collect());
        return Judge.judge(evidence.read());
    }

    private void restartAll(Load load) throws InterruptedException {
        int all = settings.rounds() * DemoSettings.REPLICAS;
        for (int done = 0; done < all; done++) {
            int number = done + 1;
            long start = System.nanoTime();
            progress.status(() -> status(load, restarting(number, all, start)));
            Restart restart = stage.replace(done % DemoSettings.REPLICAS);
            restarts.add(restart);
            say(
                    "%s replaced (%d of %d): held %s, took %s; %s"
                            .formatted(
                                    restart.replica(),
                                    number,
                                    all,
                                    ShortDuration.text(restart.hold()),
                                    ShortDuration.text(restart.took()),
                                    counts(load)));
        }
    }

    private static String restarting(int number, int all, long start) {
        Duration since = Duration.ofNanos(System.nanoTime() - start);
        return "restart %d of %d, for %s".formatted(number, all, ShortDuration.text(since));
    }

    private String status(Load load, String what) {
        return "%-5s  %s   %s".formatted(scenario, what, counts(load));
    }

    private static String counts(Load load) {
        return String.format(Locale.ROOT, "%,d requests, %,d lost", load.sent(), load.lost());
    }

    private void stop(Load load) throws InterruptedException {
        progress.status(() -> "");
        try {
            load.stop(TIME_LIMIT.multipliedBy(2));
        } catch (TimeoutException e) {
            throw new CommandFailure(
                    ExitCode.SOFTWARE,
                    "load: requests still in flight (expected: an outcome for each)",
                    e);
        }
        if (load.sent() != requests.size()) {
            throw new CommandFailure(
                    ExitCode.SOFTWARE,
                    "load: %d sent, %d outcomes (expected: one each)"
                            .formatted(load.sent(), requests.size()));
        }
    }

    private void say(String text) {
        progress.line("%-5s  %s".formatted(scenario, text));
    }
}
