package dev.ebb.bench;

import dev.ebb.bench.candidate.Candidate;
import dev.ebb.bench.candidate.Nginx;
import dev.ebb.bench.candidate.Site;
import dev.ebb.bench.load.FixedRate;
import dev.ebb.bench.load.FixedRateReport;
import dev.ebb.bench.load.Probe;
import dev.ebb.bench.load.Target;
import dev.ebb.bench.load.Wrk;
import dev.ebb.bench.load.WrkReport;
import dev.ebb.bench.process.Child;
import dev.ebb.bench.process.Children;
import dev.ebb.bench.process.CpuTime;
import dev.ebb.bench.report.Figures;
import dev.ebb.bench.report.Figures.Resident;
import dev.ebb.bench.report.Result.Method;
import dev.ebb.bench.report.RoundFigures;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// A candidate that runs, and what has been measured of it so far.
final class Running {

    private static final Duration STARTS_WITHIN = Duration.ofSeconds(20);
    private static final Duration SETTLES = Duration.ofSeconds(1);
    private static final double MEBIBYTE = 1024 * 1024;

    private final Candidate candidate;
    private final Site site;
    private final Target target;
    private final List<RoundFigures> rounds = new ArrayList<>();
    private final List<Double> exitMillis = new ArrayList<>();
    private Child child;
    private double residentMebibytes;
    private long burstErrors;
    private double residentAfterBurstMebibytes;

    private Running(Candidate candidate, Site site, Child child) {
        this.candidate = candidate;
        this.site = site;
        this.target = new Target(site.listenPort(), candidate.destination(), "/");
        this.child = child;
    }

    /// Starts a candidate and returns once it has passed on a request.
    static Running start(Candidate candidate, Site site, Children children)
            throws IOException, InterruptedException {
        Running running = new Running(candidate, site, children.start(candidate.at(site)));
        Probe.awaitOk(running.target, running.child, STARTS_WITHIN);
        return running;
    }

    void warmUp(Wrk wrk, Method method) throws IOException, InterruptedException {
        var _ = wrk.run(target, method.connections(), (int) candidate.warmUp().toSeconds());
    }

    /// One round: as much as goes through, then the fixed rate.
    RoundFigures measure(Wrk wrk, Method method) throws IOException, InterruptedException {
        CpuTime start = child.cpu();
        WrkReport saturated = wrk.run(target, method.connections(), method.saturationSeconds());
        CpuTime between = child.cpu();
        FixedRateReport fixed;
        try (FixedRate load = new FixedRate(target)) {
            fixed =
                    load.run(
                            method.connections(),
                            method.fixedRate(),
                            Duration.ofSeconds(method.fixedSeconds()));
        }
        CpuTime end = child.cpu();
        RoundFigures round =
                RoundFigures.of(saturated, between.minus(start), fixed, end.minus(between));
        rounds.add(round);
        return round;
    }

    void measureResident() {
        residentMebibytes = child.residentBytes() / MEBIBYTE;
    }

    /// Many connections and large bodies at once, for what they leave in memory.
    void burst(Wrk wrk, Method method) throws IOException, InterruptedException {
        WrkReport report =
                wrk.run(target.at(Nginx.LARGE), method.burstConnections(), method.burstSeconds());
        burstErrors = report.errors();
    }

    void measureResidentAfterBurst() {
        residentAfterBurstMebibytes = child.residentBytes() / MEBIBYTE;
    }

    /// Ends it with TERM; from the second time on it is started for that and asked once.
    void measureExit(Children children) throws IOException, InterruptedException {
        if (!child.isAlive()) {
            child = children.start(candidate.at(site));
            Probe.awaitOk(target, child, STARTS_WITHIN);
            Thread.sleep(SETTLES);
        }
        exitMillis.add(child.terminate().toNanos() / 1e6);
    }

    String name() {
        return candidate.name();
    }

    Figures figures() throws IOException {
        return new Figures(
                name(),
                candidate.version(),
                rounds,
                burstErrors,
                new Resident(residentMebibytes, residentAfterBurstMebibytes),
                exitMillis);
    }
}
