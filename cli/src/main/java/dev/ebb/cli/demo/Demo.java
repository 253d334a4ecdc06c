package dev.ebb.cli.demo;

import dev.ebb.cli.demo.process.Children;
import dev.ebb.cli.demo.process.FreePorts;
import dev.ebb.cli.demo.report.Evidence;
import dev.ebb.cli.demo.report.Judge;
import dev.ebb.cli.demo.report.Report;
import dev.ebb.cli.demo.report.ScenarioResult;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.cli.terminal.Progress;
import dev.ebb.env.FileProblem;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The whole demo: the scenarios one after the other, on real processes, none of which outlives it.
public final class Demo {
    private final DemoSettings settings;
    private final Progress progress;
    private final Path directory;

    public Demo(DemoSettings settings, Progress progress) {
        this.settings = settings;
        this.progress = progress;
        this.directory = settings.evidence().map(Demo::newDirectory).orElseGet(Demo::temporary);
    }

    /// Runs all scenarios.
    ///
    /// @param show told of the report as soon as it is complete, before a mesh is kept
    public void run(Consumer<Report> show) throws InterruptedException {
        Children children = new Children(directory.resolve("logs"));
        Thread interrupt = new Thread(() -> interrupted(children), "interrupted");
        Runtime.getRuntime().addShutdownHook(interrupt);
        boolean proved = false;
        try (children) {
            proved = scenarios(children, show).problems().isEmpty();
        } finally {
            endInOrder(interrupt);
            if (settings.evidence().isPresent() || !proved) {
                progress.line("The files of this run are in " + directory);
            } else {
                delete(directory);
            }
        }
    }

    /// Judges again what an earlier run left.
    public static Report recompute(Path directory) {
        List<Evidence> scenarios =
                Stream.of(Scenario.values())
                        .map(scenario -> new Evidence(directory, scenario.toString()))
                        .toList();
        List<ScenarioResult> results =
                scenarios.stream()
                        .filter(Evidence::exists)
                        .map(evidence -> Judge.judge(evidence.read()))
                        .toList();
        if (results.isEmpty()) {
            throw new CommandFailure(
                    ExitCode.DATA,
                    "--recompute %s: no scenario (expected: a directory that `ebb demo --evidence` wrote)"
                            .formatted(directory));
        }
        return new Report(
                results,
                scenarios.stream().filter(Evidence::isUnfinished).map(Evidence::scenario).toList());
    }

    /// Ctrl-C, TERM or HUP came in the middle.
    private void interrupted(Children children) {
        progress.silence();
        children.close();
        if (settings.evidence().isEmpty()) {
            delete(directory);
        }
    }

    private static void endInOrder(Thread interrupt) throws InterruptedException {
        try {
            Runtime.getRuntime().removeShutdownHook(interrupt);
        } catch (IllegalStateException e) {
            // The process is being ended. What failed here failed because of that: say nothing.
            new CountDownLatch(1).await();
        }
    }

    private Report scenarios(Children children, Consumer<Report> show) throws InterruptedException {
        FreePorts ports = new FreePorts();
        if (!settings.scenarios().contains(Scenario.EBB)) {
            Report report = new Report(bareScenarios(children, ports));
            show.accept(report);
            return report;
        }
        // First of all, so that it warms up while the other scenarios run.
        try (ControlPlane controlPlane = ControlPlane.start(settings.home(), children, ports)) {
            List<ScenarioResult> results = bareScenarios(children, ports);
            Evidence evidence = new Evidence(directory, Scenario.EBB.toString());
            Mesh mesh = new Mesh(settings, children, ports, evidence, Mesh.AUTHORITY, Map.of());
            try (MeshStage stage = new MeshStage(settings, mesh, controlPlane, evidence)) {
                results.add(
                        new ScenarioRun(Scenario.EBB, settings, stage, evidence, progress).run());
                Report report = new Report(results);
                show.accept(report);
                if (settings.after() == DemoSettings.After.KEEP) {
                    keep(stage);
                }
                return report;
            }
        }
    }

    private List<ScenarioResult> bareScenarios(Children children, FreePorts ports)
            throws InterruptedException {
        List<ScenarioResult> results = new ArrayList<>();
        for (Scenario scenario : settings.scenarios()) {
            if (scenario != Scenario.EBB) {
                results.add(bare(scenario, children, ports));
            }
        }
        return results;
    }

    private ScenarioResult bare(Scenario scenario, Children children, FreePorts ports)
            throws InterruptedException {
        Evidence evidence = new Evidence(directory, scenario.toString());
        Duration guess = scenario == Scenario.SLEEP ? settings.guess() : Duration.ZERO;
        try (BareStage stage = new BareStage(settings, guess, children, ports, evidence)) {
            return new ScenarioRun(scenario, settings, stage, evidence, progress).run();
        }
    }

    private void keep(MeshStage stage) throws InterruptedException {
        progress.line("");
        progress.line("The mesh is still there. Try:");
        stage.hints().forEach(hint -> progress.line("  " + hint));
        progress.line("Ctrl-C ends it.");
        new CountDownLatch(1).await();
    }

    private static Path newDirectory(Path wanted) {
        try {
            Files.createDirectories(wanted);
            try (Stream<Path> files = Files.list(wanted)) {
                if (files.findAny().isPresent()) {
                    throw cannotCreate(wanted, "not empty");
                }
            }
            if (!Files.isWritable(wanted)) {
                throw cannotCreate(wanted, "permission denied");
            }
            return wanted.toAbsolutePath();
        } catch (IOException e) {
            throw cannotCreate(wanted, FileProblem.of(e));
        }
    }

    private static CommandFailure cannotCreate(Path wanted, String why) {
        return new CommandFailure(
                ExitCode.CANNOT_CREATE,
                "--evidence %s: %s (expected: a new or an empty directory that can be written)"
                        .formatted(wanted, why));
    }

    private static Path temporary() {
        try {
            return Files.createTempDirectory("ebb-demo-");
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.CANNOT_CREATE,
                    "temporary directory %s: %s (expected: one that can be written)"
                            .formatted(System.getProperty("java.io.tmpdir"), FileProblem.of(e)),
                    e);
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            // What is left lies in the system's temporary directory.
        }
    }
}
