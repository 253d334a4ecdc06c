package dev.ebb.cli.demo.report;

import dev.ebb.cli.terminal.Json;
import dev.ebb.cli.terminal.ShortDuration;
import dev.ebb.cli.terminal.Table;
import dev.ebb.cli.terminal.Table.Column;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/// The results of a run, as they are shown, and what they prove.
///
/// @param unfinished the scenarios that were begun and have no result
public record Report(List<ScenarioResult> results, List<String> unfinished) {
    static final String PLAIN = "plain";
    static final String SLEEP = "sleep";
    static final String EBB = "ebb";

    public Report {
        results = List.copyOf(results);
        unfinished = List.copyOf(unfinished);
    }

    /// Of a run that has finished all that it began.
    public Report(List<ScenarioResult> results) {
        this(results, List.of());
    }

    private record JsonRow(
            String name,
            long requests,
            long lost,
            long duplicated,
            long resent,
            int restarts,
            long holdP50Ms,
            long holdMaxMs) {}

    private record JsonReport(List<JsonRow> scenarios) {}

    /// One line, for programs.
    public String json() {
        return Json.line(
                new JsonReport(
                        results.stream()
                                .map(result ->
                                        new JsonRow(
                                                result.name(),
                                                result.requests(),
                                                result.lost(),
                                                result.duplicated(),
                                                result.resent(),
                                                result.restarts(),
                                                result.holdP50().toMillis(),
                                                result.holdMax().toMillis()))
                                .toList()));
    }

    /// A column a scenario, so that each figure stands beside the one it is compared with.
    public String table() {
        List<Column> columns = new ArrayList<>(List.of(Column.words("")));
        results.forEach(result -> columns.add(Column.figures(result.name())));
        Table table = new Table(columns);
        row(table, "requests", result -> count(result.requests()));
        row(table, "lost", result -> count(result.lost()));
        row(table, "duplicated", result -> count(result.duplicated()));
        row(table, "resent", result -> count(result.resent()));
        row(table, "restarts", result -> count(result.restarts()));
        row(table, "hold, p50", result -> ShortDuration.text(result.holdP50()));
        row(table, "hold, max", result -> ShortDuration.text(result.holdMax()));
        row(table, "time per restart", result -> ShortDuration.text(result.timePerRestart()));
        return table.text();
    }

    private void row(Table table, String what, Function<ScenarioResult, String> figure) {
        List<String> cells = new ArrayList<>(List.of(what));
        results.forEach(result -> cells.add(figure.apply(result)));
        table.row(cells.toArray(String[]::new));
    }

    /// What a reader should know beside the figures.
    public List<String> notes() {
        List<String> notes = new ArrayList<>();
        for (ScenarioResult result : results) {
            if (!result.reasons().isEmpty()) {
                notes.add(result.name() + " lost: " + String.join("; ", result.reasons()));
            }
        }
        result(EBB).filter(ebb -> ebb.slowVotes() > 0).map(Report::releases).ifPresent(notes::add);
        notProved().ifPresent(notes::add);
        return notes;
    }

    /// What the scenarios that have no result would have shown. Whoever leaves one out may want
    /// just that, so it is no problem; but no exit code may pass for more than was looked at.
    private Optional<String> notProved() {
        List<String> gaps = new ArrayList<>();
        if (result(PLAIN).isEmpty()) {
            gaps.add(missing(PLAIN) + ", so nothing shows that this load loses without Ebb");
        }
        if (unfinished.contains(SLEEP)) {
            gaps.add(missing(SLEEP) + ", so nothing shows what a guessed wait loses");
        }
        if (result(EBB).isEmpty()) {
            gaps.add(missing(EBB) + ", so nothing shows that Ebb loses nothing");
        }
        return gaps.isEmpty()
                ? Optional.empty()
                : Optional.of("not proved: " + String.join("; ", gaps));
    }

    private String missing(String name) {
        return name + (unfinished.contains(name) ? " did not finish" : " was not run");
    }

    /// Why the run proves nothing, or the opposite of what it should; empty if all is well.
    /// Concerns the scenarios that have a result; [#notes] tells what the others leave open.
    public List<String> problems() {
        List<String> problems = new ArrayList<>();
        for (ScenarioResult result : results) {
            if (result.unrecorded() > 0) {
                problems.add(
                        "%s: %d answers to requests that no origin recorded"
                                .formatted(result.name(), result.unrecorded()));
            }
        }
        result(PLAIN)
                .filter(plain -> plain.lost() == 0)
                .ifPresent(plain -> problems.add("plain lost nothing (expected: something)"));
        result(EBB).ifPresent(ebb -> problems.addAll(problems(ebb)));
        return problems;
    }

    private static List<String> problems(ScenarioResult ebb) {
        List<String> problems = new ArrayList<>();
        if (ebb.lost() > 0) {
            problems.add("ebb lost %d of %d requests".formatted(ebb.lost(), ebb.requests()));
        }
        if (ebb.duplicated() > 0) {
            problems.add("ebb duplicated %d requests".formatted(ebb.duplicated()));
        }
        // The slow client votes however little slow it is: also with --slow-client 0s.
        if (ebb.slowVotes() == 0) {
            problems.add(
                    "ebb: the slow client had no vote in any of %d departures (expected: one in each), so no release was checked"
                            .formatted(ebb.restarts()));
        }
        for (ReleaseCheck release : ebb.releases()) {
            if (!release.isSafe()) {
                problems.add(
                        "%s was released (%s ms) before the slow client had applied it (%s ms)"
                                .formatted(
                                        release.replica(),
                                        release.releasedMs(),
                                        release.appliedMs()));
            }
        }
        return problems;
    }

    private static String releases(ScenarioResult ebb) {
        if (ebb.releases().isEmpty()) {
            return "ebb: no departure waited for the slow client: another one was slower";
        }
        long prompt = ebb.releases().stream().filter(ReleaseCheck::isPrompt).count();
        long latest = ebb.releases().stream().mapToLong(ReleaseCheck::delayMs).max().orElse(0);
        return "ebb: %d departures waited for the slow client; released within 300 ms of its acknowledgement: %d; latest: %d ms after it"
                .formatted(ebb.releases().size(), prompt, latest);
    }

    private Optional<ScenarioResult> result(String name) {
        return results.stream().filter(result -> result.name().equals(name)).findFirst();
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }
}
