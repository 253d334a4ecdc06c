package dev.ebb.controlplane;

import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Ledger;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.spi.LoggingEventBuilder;

/// Writes the log lines of departures: one when it begins, one at the release, and the ledger, one
/// line that says how it ended. Passes every event on.
final class DepartureLog implements IndexEvents {
    private static final Logger LOG = LoggerFactory.getLogger(DepartureLog.class);

    /// What [#word] gives for a departure that has ended.
    static final List<String> ENDINGS = List.of("recorded", "withdrawn", "vanished");

    private final IndexEvents next;

    DepartureLog(IndexEvents next) {
        this.next = next;
    }

    /// How a departure ended, as logs and metrics call it.
    static String word(DepartureReport.Outcome outcome) {
        return switch (outcome) {
            case DepartureReport.Outcome.Underway() -> "underway";
            case DepartureReport.Outcome.Recorded(_) -> "recorded";
            case DepartureReport.Outcome.Withdrawn() -> "withdrawn";
            case DepartureReport.Outcome.Vanished() -> "vanished";
        };
    }

    @Override
    public void departureBegan(DepartureReport departure) {
        LOG.atInfo()
                .addKeyValue("instance", departure.instance().name())
                .addKeyValue("uid", departure.instance().uid())
                .addKeyValue("cause", cause(departure))
                .addKeyValue("waitingFor", departure.status().waiting())
                .log("Departure began");
        next.departureBegan(departure);
    }

    @Override
    public void departureReleased(DepartureReport departure, Duration held) {
        LOG.atInfo()
                .addKeyValue("instance", departure.instance().name())
                .addKeyValue("holdMillis", held.toMillis())
                .addKeyValue("votes", departure.votes().size())
                .addKeyValue("noOtherEndpoint", departure.status().noOtherEndpoint())
                .log("Departure released");
        next.departureReleased(departure, held);
    }

    @Override
    public void departureEnded(DepartureReport departure) {
        LoggingEventBuilder line =
                LOG.atInfo()
                        .addKeyValue("instance", departure.instance().name())
                        .addKeyValue("uid", departure.instance().uid())
                        .addKeyValue("cause", cause(departure))
                        .addKeyValue("outcome", word(departure.outcome()))
                        .addKeyValue("ageMillis", departure.timing().age().toMillis())
                        .addKeyValue("holdMillis", millis(departure.timing().released()))
                        .addKeyValue("slowest", slowest(departure))
                        .addKeyValue("lapsed", departure.status().lapsed());
        if (departure.outcome() instanceof DepartureReport.Outcome.Recorded(Ledger ledger)) {
            line = withLedger(line, ledger);
        }
        line.log("Departure ended");
        next.departureEnded(departure);
    }

    @Override
    public void voteLapsed(Instance subscriber, DestinationName destination, Instance departing) {
        LOG.atWarn()
                .addKeyValue("subscriber", subscriber.name())
                .addKeyValue("destination", destination)
                .addKeyValue("departing", departing.name())
                .log("Vote lapsed");
        next.voteLapsed(subscriber, destination, departing);
    }

    @Override
    public void ackIgnored(Instance subscriber) {
        LOG.atDebug().addKeyValue("subscriber", subscriber.name()).log("Ack ignored");
        next.ackIgnored(subscriber);
    }

    private static LoggingEventBuilder withLedger(LoggingEventBuilder line, Ledger ledger) {
        Ledger.Counts counts = ledger.counts();
        return line.addKeyValue("releaseReason", ledger.releaseReason())
                .addKeyValue("heldByOwnHook", ledger.ownHooks())
                .addKeyValue("hookMillis", millis(ledger.times().hook()))
                .addKeyValue("releaseMillis", millis(ledger.times().release()))
                .addKeyValue("termMillis", millis(ledger.times().term()))
                .addKeyValue("goneMillis", millis(ledger.times().gone()))
                .addKeyValue("exitMillis", millis(ledger.times().exit()))
                .addKeyValue("inFlight", counts.inFlight())
                .addKeyValue("accepted", counts.accepted())
                .addKeyValue("answered", counts.answered())
                .addKeyValue("handedBack", counts.handedBack())
                .addKeyValue("abandoned", counts.abandoned())
                .addKeyValue("cut", counts.cut())
                .addKeyValue("lost", counts.lost())
                .addKeyValue("unaccounted", counts.unaccounted());
    }

    private static String cause(DepartureReport departure) {
        if (departure.outcome() instanceof DepartureReport.Outcome.Recorded(Ledger ledger)) {
            return ledger.cause();
        }
        return departure.cause().map(Cause::name).orElse("none");
    }

    private static String millis(Optional<Duration> time) {
        return time.map(each -> String.valueOf(each.toMillis())).orElse("-");
    }

    /// Who was waited for longest.
    private static String slowest(DepartureReport departure) {
        return departure.votes().stream()
                .findFirst()
                .map(Vote::subscriber)
                .map(Instance::name)
                .orElse("nobody");
    }
}
