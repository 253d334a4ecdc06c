package dev.ebb.cli.demo.report;

import java.time.Duration;
import java.util.List;

/// What the judge found in the facts of one scenario.
///
/// @param lost requests without a complete, correct 2xx answer
/// @param duplicated ids that origins saw more than once
/// @param unrecorded ids that were answered but that no origin saw
/// @param slowVotes departures in which the slow client had a vote
/// @param releases one for each departure that had to wait for the slow client
/// @param reasons why requests were lost, the most frequent first
public record ScenarioResult(
        String name,
        long requests,
        long lost,
        long duplicated,
        long unrecorded,
        long resent,
        int restarts,
        Duration holdP50,
        Duration holdMax,
        Duration timePerRestart,
        long slowVotes,
        List<ReleaseCheck> releases,
        List<String> reasons) {
    public ScenarioResult {
        releases = List.copyOf(releases);
        reasons = List.copyOf(reasons);
    }
}
