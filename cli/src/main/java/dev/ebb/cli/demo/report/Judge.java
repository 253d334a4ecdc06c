package dev.ebb.cli.demo.report;

import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RequestRecord;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// Turns facts into a result. Pure. It believes neither side alone: what the client calls answered
/// must be in an origin's record, and what origins record more than once was sent more than once,
/// whoever did it and whatever the client says.
public final class Judge {
    private static final int REASONS = 5;

    private Judge() {}

    public static ScenarioResult judge(Facts facts) {
        Map<String, Integer> seen = new HashMap<>();
        facts.origins().forEach(entry -> seen.merge(entry.id(), 1, Integer::sum));
        List<String> ids = facts.requests().stream().map(RequestRecord::id).distinct().toList();
        if (ids.size() != facts.requests().size()) {
            throw new IllegalArgumentException(
                    "%s: two requests of one id (expected: unique ids)"
                            .formatted(facts.scenario()));
        }
        List<Duration> holds = facts.restarts().stream().map(Restart::hold).sorted().toList();
        return new ScenarioResult(
                facts.scenario(),
                ids.size(),
                facts.requests().stream().filter(RequestRecord::isLost).count(),
                ids.stream().filter(id -> seen.getOrDefault(id, 0) > 1).count(),
                unrecorded(facts.requests(), seen),
                facts.resent(),
                facts.restarts().size(),
                holds.isEmpty() ? Duration.ZERO : holds.get((holds.size() - 1) / 2),
                holds.isEmpty() ? Duration.ZERO : holds.getLast(),
                mean(facts.restarts()),
                facts.departures().stream().filter(ReleaseCheck::isVotedOn).count(),
                facts.departures().stream()
                        .map(ReleaseCheck::of)
                        .flatMap(Optional::stream)
                        .toList(),
                reasons(facts.requests()));
    }

    private static long unrecorded(List<RequestRecord> requests, Map<String, Integer> seen) {
        return requests.stream()
                .filter(request -> !request.isLost() && !seen.containsKey(request.id()))
                .count();
    }

    private static Duration mean(List<Restart> restarts) {
        return restarts.isEmpty()
                ? Duration.ZERO
                : restarts.stream()
                        .map(Restart::took)
                        .reduce(Duration.ZERO, Duration::plus)
                        .dividedBy(restarts.size());
    }

    private static List<String> reasons(List<RequestRecord> requests) {
        Map<String, Long> counts =
                requests.stream()
                        .map(RequestRecord::outcome)
                        .filter(Outcome.Lost.class::isInstance)
                        .map(outcome -> ((Outcome.Lost) outcome).reason())
                        .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        return counts.entrySet().stream()
                .sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .limit(REASONS)
                .map(entry -> entry.getValue() + " × " + entry.getKey())
                .toList();
    }
}
