package dev.ebb.cli.inspect;

import com.google.protobuf.Duration;
import dev.ebb.cli.inspect.DeparturesReport.Waited;
import dev.ebb.proto.destination.v1.Ledger;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The ledger of a departure as a user reads it; the components name the JSON fields.
///
/// @param ownHooks the containers that were held by a preStop hook of their own
public record LedgerReport(
        String cause,
        String releaseReason,
        Times times,
        Requests requests,
        List<String> cutNames,
        List<Waited> waitedFor,
        List<String> ownHooks) {

    /// When things happened: milliseconds since the departure began, by the instance's clock; null
    /// means "did not happen".
    public record Times(
            @Nullable Long hookMs,
            @Nullable Long releaseMs,
            @Nullable Long termMs,
            @Nullable Long goneMs,
            @Nullable Long exitMs) {}

    /// What became of every request.
    ///
    /// @param lost by reason
    public record Requests(
            long inFlight,
            long accepted,
            long answered,
            long handedBack,
            long abandoned,
            long cut,
            Map<String, Long> lost) {}

    static LedgerReport of(Ledger ledger) {
        return new LedgerReport(
                ledger.getCause(),
                ledger.getReleaseReason(),
                new Times(
                        millis(ledger.hasHook(), ledger.getHook()),
                        millis(ledger.hasRelease(), ledger.getRelease()),
                        millis(ledger.hasTerm(), ledger.getTerm()),
                        millis(ledger.hasGone(), ledger.getGone()),
                        millis(ledger.hasExit(), ledger.getExit())),
                new Requests(
                        ledger.getInFlight(),
                        ledger.getAccepted(),
                        ledger.getAnswered(),
                        ledger.getHandedBack(),
                        ledger.getAbandoned(),
                        ledger.getCut(),
                        new TreeMap<>(ledger.getLostMap())),
                List.copyOf(ledger.getCutNamesList()),
                ledger.getWaitedForList().stream().map(DeparturesReport::waited).toList(),
                List.copyOf(ledger.getOwnHooksList()));
    }

    /// One line: why the application was told, and what became of the requests; what never happened
    /// is left out.
    String summary() {
        StringJoiner text = new StringJoiner(", ", releaseReason + ": ", "");
        ownHooks.forEach(container -> text.add(container + " held by its own hook"));
        text.add(requests.answered() + " answered");
        add(text, requests.handedBack(), "handed back");
        add(text, requests.abandoned(), "abandoned");
        add(text, requests.cut(), "cut");
        requests.lost().forEach((reason, count) -> add(text, count, "lost (" + reason + ")"));
        return text.toString();
    }

    private static void add(StringJoiner text, long count, String what) {
        if (count > 0) {
            text.add(count + " " + what);
        }
    }

    private static @Nullable Long millis(boolean happened, Duration duration) {
        return happened ? DeparturesReport.millis(duration) : null;
    }
}
