package dev.ebb.e2e.cluster;

import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.report.Facts;
import dev.ebb.cli.demo.report.Judge;
import dev.ebb.cli.demo.report.OriginEntry;
import dev.ebb.cli.demo.report.ScenarioResult;
import java.util.List;
import java.util.Set;

/// What became of the requests of a scene: the clients' logs and those of the service, judged
/// together by the demo's judge.
///
/// @param requests how many were sent
/// @param lost without a complete, correct 2xx answer
/// @param duplicated seen more than once by the service
/// @param unrecorded answered, but in no log of the service
/// @param reasons why requests were lost, the most frequent first
public record Verdict(
        long requests, long lost, long duplicated, long unrecorded, List<String> reasons) {

    /// Of these clients, by the names of their pods.
    public static Verdict of(Scene scene, Set<String> clients) {
        return of(scene.namespace(), scene.logs(), clients);
    }

    /// Of these clients, from logs that are whole.
    ///
    /// @throws IllegalStateException if one of them has sent nothing
    public static Verdict of(String name, Logs logs, Set<String> clients) {
        List<RequestRecord> requests =
                clients.stream()
                        .flatMap(client -> requests(logs, client).stream())
                        .map(line -> line.fields().stream().skip(2).toList())
                        .map(fields -> RequestRecord.parse(String.join("\t", fields)))
                        .toList();
        ScenarioResult result =
                Judge.judge(new Facts(name, requests, origins(logs), List.of(), List.of(), 0));
        return new Verdict(
                result.requests(),
                result.lost(),
                result.duplicated(),
                result.unrecorded(),
                result.reasons());
    }

    @Override
    public String toString() {
        return "%d requests, %d lost, %d duplicated, %d unrecorded%s"
                .formatted(
                        requests,
                        lost,
                        duplicated,
                        unrecorded,
                        reasons.isEmpty() ? "" : ": " + String.join("; ", reasons));
    }

    private static List<LogLine> requests(Logs logs, String client) {
        List<LogLine> requests = logs.requests(client).toList();
        if (requests.isEmpty()) {
            throw new IllegalStateException(client + " has sent nothing (expected: requests)");
        }
        return requests;
    }

    /// What the web service writes before it answers: time, id, method, length.
    private static List<OriginEntry> origins(Logs logs) {
        return logs.lines().stream()
                .filter(line -> line.container().equals(PodEdit.APP))
                .filter(line -> line.fields().size() == 4)
                .filter(line -> Set.of("GET", "POST").contains(line.fields().get(2)))
                .map(line -> new OriginEntry(line.pod(), line.millis(), line.fields().get(1)))
                .toList();
    }
}
