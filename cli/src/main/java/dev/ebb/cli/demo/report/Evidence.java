package dev.ebb.cli.demo.report;

import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.inspect.DeparturesReport;
import dev.ebb.cli.inspect.DeparturesReport.Departure;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.cli.terminal.Json;
import dev.ebb.env.FileProblem;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The files of one scenario. Everything that the result is made of is in them:
///
/// - `requests.tsv`: the client's log, one line a request;
/// - `origins/NAME.requests`, `origins/NAME.life`: what each replica saw, by its own hand;
/// - `restarts.tsv`: the times of each restart;
/// - `departures.json`: each departure as the control plane tells it, votes and release;
/// - `relay.tsv`: what passed the relay of the slow client;
/// - `CLIENT.metrics`: the client proxies' metrics at the end.
public final class Evidence {
    private static final String RESENT = "ebb_resent_total{";

    private final String scenario;
    private final Path directory;

    /// Names the files; touches none.
    ///
    /// @param top of all scenarios
    public Evidence(Path top, String scenario) {
        this.scenario = scenario;
        this.directory = top.resolve(scenario);
    }

    public String scenario() {
        return scenario;
    }

    /// The scenario ran to its end.
    public boolean exists() {
        return Files.isRegularFile(file("requests.tsv"));
    }

    /// The scenario began, and something ended it before there was a result.
    public boolean isUnfinished() {
        return Files.isDirectory(directory) && !exists();
    }

    public Path origins() {
        return file("origins");
    }

    public void write(
            List<RequestRecord> requests, List<Restart> restarts, List<Departure> departures) {
        write("requests.tsv", requests.stream().map(RequestRecord::line));
        write(
                "restarts.tsv",
                Stream.concat(Stream.of(Restart.HEADING), restarts.stream().map(Restart::line)));
        write(
                "departures.json",
                Stream.of(Json.line(new DeparturesReport(false, departures)).strip()));
    }

    /// Adds a file of lines.
    public void write(String name, Stream<String> lines) {
        try {
            Files.createDirectories(directory);
            Files.write(file(name), lines.toList());
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.IO,
                    "%s: cannot be written: %s".formatted(file(name), FileProblem.of(e)),
                    e);
        }
    }

    /// Reads all of it back.
    public Facts read() {
        try {
            return new Facts(
                    scenario,
                    Files.readAllLines(file("requests.tsv")).stream()
                            .map(RequestRecord::parse)
                            .toList(),
                    originEntries(),
                    Files.readAllLines(file("restarts.tsv")).stream()
                            .skip(1)
                            .map(Restart::parse)
                            .toList(),
                    Json.read(Files.readString(file("departures.json")), DeparturesReport.class)
                            .departures(),
                    resent());
        } catch (IOException | RuntimeException e) {
            throw new CommandFailure(
                    ExitCode.DATA,
                    "%s: %s (expected: what `ebb demo --evidence` wrote)"
                            .formatted(directory, e.getMessage()),
                    e);
        }
    }

    /// When a replica's application got TERM, by its own record; 0 if it never did.
    public long termOf(String replica) {
        try (Stream<String> lines = Files.lines(origins().resolve(replica + ".life"))) {
            return lines.filter(line -> line.endsWith("\tterm"))
                    .mapToLong(line -> Long.parseLong(line.substring(0, line.indexOf('\t'))))
                    .findFirst()
                    .orElse(0);
        } catch (IOException e) {
            return 0;
        }
    }

    private List<OriginEntry> originEntries() throws IOException {
        List<OriginEntry> entries = new ArrayList<>();
        for (Path file : files(origins(), ".requests")) {
            String replica = file.getFileName().toString().replace(".requests", "");
            for (String line : Files.readAllLines(file)) {
                entries.add(OriginEntry.parse(replica, line));
            }
        }
        return entries;
    }

    private long resent() throws IOException {
        double resent = 0;
        for (Path file : files(directory, ".metrics")) {
            resent +=
                    Files.readAllLines(file).stream()
                            .filter(line -> line.startsWith(RESENT))
                            .mapToDouble(line ->
                                    Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                            .sum();
        }
        return Math.round(resent);
    }

    private static List<Path> files(Path directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
        }
    }

    private Path file(String name) {
        return directory.resolve(name);
    }
}
