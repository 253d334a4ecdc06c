package dev.ebb.cli.inspect;

import com.google.protobuf.Duration;
import dev.ebb.cli.terminal.Json;
import dev.ebb.cli.terminal.ShortDuration;
import dev.ebb.cli.terminal.Table;
import dev.ebb.cli.terminal.Table.Column;
import dev.ebb.proto.destination.v1.Awaited;
import dev.ebb.proto.destination.v1.DepartureReport;
import dev.ebb.proto.destination.v1.DepartureState;
import dev.ebb.proto.destination.v1.DeparturesResponse;
import dev.ebb.proto.destination.v1.Vote;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Departures as a user reads them; the components name the JSON fields. All times are milliseconds
/// since the departure began, by the control plane's clock; null means "did not happen".
public record DeparturesReport(boolean warmingUp, List<Departure> departures) {
    /// One departure.
    ///
    /// @param ledger null until the instance has sent its last message
    public record Departure(
            String instance,
            String uid,
            String cause,
            String state,
            String reason,
            long ageMs,
            @Nullable Long releasedMs,
            long waiting,
            List<Waited> waitingFor,
            List<VoteLine> votes,
            @Nullable LedgerReport ledger) {

        private String why() {
            if (ledger != null) {
                return ledger.summary();
            }
            return reason.isEmpty() ? "-" : reason;
        }
    }

    /// A subscriber that had not applied the removal at once.
    public record Waited(String subscriber, String uid, String destination, long waitedMs) {}

    /// What became of one subscriber's vote.
    public record VoteLine(
            String subscriber,
            String destination,
            @Nullable Long appliedMs,
            boolean lastResort,
            boolean lapsed) {}

    public static DeparturesReport of(DeparturesResponse answer) {
        return new DeparturesReport(
                answer.getWarmingUp(),
                answer.getDeparturesList().stream().map(DeparturesReport::departure).toList());
    }

    public String json() {
        return Json.line(this);
    }

    /// One line a departure, and one more for each further subscriber that is waited for.
    public String table() {
        Table table =
                new Table(
                        List.of(
                                Column.words("INSTANCE"),
                                Column.words("STATE"),
                                Column.figures("AGE"),
                                Column.figures("RELEASED AFTER"),
                                Column.words("WAITING FOR"),
                                Column.figures("SINCE"),
                                Column.words("WHY")));
        departures.forEach(departure -> rows(table, departure));
        String note = warmingUp ? "The control plane is warming up: it cannot tell yet.\n" : "";
        return note + (table.isEmpty() ? "No departures.\n" : table.text());
    }

    private static void rows(Table table, Departure departure) {
        Long released = departure.releasedMs();
        String[] first = {
            departure.instance(),
            departure.ledger() == null ? departure.state() : "gone",
            millis(departure.ageMs()),
            released == null ? "-" : millis(released),
            "-",
            "-",
            departure.why()
        };
        for (Waited waited : departure.waitingFor()) {
            first[4] = waited.subscriber() + " (" + waited.destination() + ")";
            first[5] = millis(waited.waitedMs());
            table.row(first);
            first = new String[] {"", "", "", "", "", "", ""};
        }
        if (departure.waitingFor().isEmpty()) {
            table.row(first);
        } else if (departure.waiting() > departure.waitingFor().size()) {
            long more = departure.waiting() - departure.waitingFor().size();
            first[4] = "and " + more + " more";
            table.row(first);
        }
    }

    private static Departure departure(DepartureReport report) {
        DepartureState state = report.getState();
        return new Departure(
                report.getInstance().getName(),
                report.getInstance().getUid(),
                report.getCause(),
                state.getState().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                state.getReason(),
                millis(report.getAge()),
                report.hasReleased() ? (Long) millis(report.getReleased()) : null,
                Integer.toUnsignedLong(state.getWaiting()),
                state.getWaitingForList().stream().map(DeparturesReport::waited).toList(),
                report.getVotesList().stream().map(DeparturesReport::vote).toList(),
                report.hasLedger() ? LedgerReport.of(report.getLedger()) : null);
    }

    static Waited waited(Awaited awaited) {
        return new Waited(
                awaited.getSubscriber().getName(),
                awaited.getSubscriber().getUid(),
                awaited.getDestination(),
                millis(awaited.getWaited()));
    }

    private static VoteLine vote(Vote vote) {
        return new VoteLine(
                vote.getSubscriber().getName(),
                vote.getDestination(),
                vote.hasApplied() ? (Long) millis(vote.getApplied()) : null,
                vote.getLastResort(),
                vote.getLapsed());
    }

    static long millis(Duration duration) {
        return duration.getSeconds() * 1000 + duration.getNanos() / 1_000_000;
    }

    private static String millis(long amount) {
        return ShortDuration.text(java.time.Duration.ofMillis(amount));
    }
}
