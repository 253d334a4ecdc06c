package dev.ebb.bench;

import dev.ebb.bench.candidate.AotCache;
import dev.ebb.bench.candidate.Candidate;
import dev.ebb.bench.candidate.ControlPlane;
import dev.ebb.bench.candidate.EbbProxy;
import dev.ebb.bench.candidate.EbbProxy.Side;
import dev.ebb.bench.candidate.Envoy;
import dev.ebb.bench.candidate.Haproxy;
import dev.ebb.bench.candidate.JavaProgram;
import dev.ebb.bench.candidate.Nginx;
import dev.ebb.bench.candidate.Site;
import dev.ebb.bench.load.Probe;
import dev.ebb.bench.load.Target;
import dev.ebb.bench.load.Wrk;
import dev.ebb.bench.process.Child;
import dev.ebb.bench.process.Children;
import dev.ebb.bench.process.Machine;
import dev.ebb.bench.report.Figures;
import dev.ebb.bench.report.Result;
import dev.ebb.bench.report.Result.Method;
import dev.ebb.bench.report.RoundFigures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The run: starts everything on loopback, measures round by round, ends everything.
final class QuickBench implements AutoCloseable {

    private static final int CONNECTIONS = 64;
    private static final int SATURATION_SECONDS = 2;
    private static final int FIXED_RATE = 4000;
    private static final int FIXED_SECONDS = 2;
    private static final int BURST_CONNECTIONS = 512;
    private static final int BURST_SECONDS = 2;
    private static final int EXITS = 3;
    private static final Duration CALM = Duration.ofSeconds(2);

    private final Path root;
    private final Path directory;
    private final Set<String> only;
    private final Method method;
    private final Children children;
    private final Wrk wrk;
    private final int originPort = Ports.free();
    private final List<String> missing = new ArrayList<>();

    private QuickBench(Path root, Path directory, Set<String> only, Method method)
            throws IOException {
        this.root = root;
        this.directory = directory;
        this.only = only;
        this.method = method;
        this.children = new Children(directory);
        this.wrk = new Wrk(peer("wrk"), children);
    }

    static QuickBench prepare(Path root, int rounds, Set<String> only) throws IOException {
        Path directory = Files.createDirectories(root.resolve("bench/target/run"));
        Method method =
                new Method(
                        rounds,
                        CONNECTIONS,
                        SATURATION_SECONDS,
                        FIXED_RATE,
                        FIXED_SECONDS,
                        BURST_CONNECTIONS,
                        BURST_SECONDS);
        QuickBench bench = new QuickBench(root, directory, only, method);
        // Ctrl-C ends this process only; its children are ended here.
        Runtime.getRuntime().addShutdownHook(new Thread(bench::close, "end-children"));
        return bench;
    }

    Result run() throws IOException, InterruptedException {
        Instant started = Instant.now().truncatedTo(ChronoUnit.SECONDS);
        double loadBefore = Machine.loadAverage();
        List<Running> running = startAll();
        warmUp(running);
        measureRounds(running);
        measureMemory(running, Running::measureResident);
        burst(running);
        measureMemory(running, Running::measureResidentAfterBurst);
        measureExits(running);
        List<Figures> figures = new ArrayList<>();
        for (Running one : running) {
            figures.add(one.figures());
        }
        return new Result(
                started.toString(),
                Commit.current(root),
                Machine.local(),
                loadBefore,
                Machine.loadAverage(),
                method,
                figures,
                missing,
                Result.ratiosOf(figures),
                Result.aimsOf(figures));
    }

    @Override
    public void close() {
        children.close();
    }

    private List<Running> startAll() throws IOException, InterruptedException {
        startOrigin();
        List<Running> running = new ArrayList<>();
        for (Candidate candidate : candidates()) {
            Site site = new Site(directory, Ports.free(), originPort);
            try {
                running.add(Running.start(candidate, site, children));
            } catch (IOException e) {
                miss(candidate.name() + ": does not start: " + e.getMessage());
            }
        }
        return running;
    }

    private void startOrigin() throws IOException, InterruptedException {
        Child origin = children.start(new Nginx(peer("nginx")).origin(directory, originPort));
        Probe.awaitOk(new Target(originPort, "origin", "/"), origin, Duration.ofSeconds(5));
    }

    /// Those that are there and asked for.
    private List<Candidate> candidates() throws IOException, InterruptedException {
        List<Candidate> candidates = new ArrayList<>();
        addEbb(candidates);
        for (Candidate peer :
                List.of(
                        new Envoy(peer("envoy")),
                        new Haproxy(peer("haproxy")),
                        new Nginx(peer("nginx")))) {
            if (!wanted(peer.name())) {
                continue;
            }
            if (Files.exists(peer(peer.name()))) {
                candidates.add(peer);
            } else {
                miss(peer.name() + ": not installed, see what bench/peers said");
            }
        }
        return candidates;
    }

    private void addEbb(List<Candidate> candidates) throws IOException, InterruptedException {
        AotCache cache = AotCache.ofProxy(root);
        ControlPlane controlPlane = new ControlPlane(JavaProgram.controlPlane(root), Ports.free());
        List<Candidate> sides =
                Stream.of(Side.values())
                        .<Candidate>map(
                                side -> new EbbProxy(side, cache.used(), controlPlane.port()))
                        .filter(candidate -> wanted(candidate.name()))
                        .toList();
        if (sides.isEmpty()) {
            return;
        }
        if (!cache.program().isBuilt() || !controlPlane.program().isBuilt()) {
            miss("ebb: not built (expected: proxy and control-plane packaged)");
            return;
        }
        var _ = children.start(controlPlane.at(directory, originPort));
        if (cache.isStale()) {
            say("training the AOT cache of the proxy");
            new Training(cache, children, wrk).run(directory, originPort, controlPlane.port());
        }
        candidates.addAll(sides);
    }

    private void warmUp(List<Running> running) throws IOException, InterruptedException {
        for (Running one : running) {
            say("warming up " + one.name());
            one.warmUp(wrk, method);
        }
    }

    /// Each round begins with another candidate, so that none always follows the same one.
    private void measureRounds(List<Running> running) throws IOException, InterruptedException {
        List<Running> order = new ArrayList<>(running);
        for (int round = 1; round <= method.rounds(); round++) {
            for (Running one : order) {
                RoundFigures figures = one.measure(wrk, method);
                say(
                        "round %d %-8s %6.0f req/s, CPU %5.1f s/M, p50 %.2f ms, p99 %.2f ms"
                                .formatted(
                                        round,
                                        one.name(),
                                        figures.requestsPerSecond(),
                                        figures.cpuSecondsPerMillion(),
                                        figures.p50Millis(),
                                        figures.p99Millis()));
            }
            Collections.rotate(order, 1);
        }
    }

    private static void measureMemory(List<Running> running, Consumer<Running> measure)
            throws InterruptedException {
        // Connections close, and what is given back is given back.
        Thread.sleep(CALM);
        running.forEach(measure);
    }

    private void burst(List<Running> running) throws IOException, InterruptedException {
        say("64 KiB responses over " + method.burstConnections() + " connections");
        for (Running one : running) {
            one.burst(wrk, method);
        }
    }

    private void measureExits(List<Running> running) throws IOException, InterruptedException {
        say("ending each proxy " + EXITS + " times");
        for (int exit = 0; exit < EXITS; exit++) {
            for (Running one : running) {
                one.measureExit(children);
            }
        }
    }

    private boolean wanted(String name) {
        return only.isEmpty() || only.contains(name);
    }

    private void miss(String reason) {
        missing.add(reason);
        say("not measured: " + reason);
    }

    private Path peer(String name) {
        return root.resolve("bench/target/peers").resolve(name);
    }

    private static void say(String message) {
        System.out.println(message);
    }
}
