package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.DepartureState.Asked;
import dev.ebb.proxy.departure.DepartureState.Holding;
import dev.ebb.proxy.departure.DepartureState.HookAnswer;
import dev.ebb.proxy.departure.DepartureState.Lingering;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import dev.ebb.proxy.departure.DepartureState.Unconfirmed;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One line for each step of a departure, and one for its ledger.
final class DepartureLog {

    private static final Logger LOG = LoggerFactory.getLogger(Departure.class);

    private DepartureLog() {}

    static void changed(DepartureState before, DepartureState now) {
        switch (now) {
            case Serving() -> {
                if (before instanceof Released) {
                    LOG.info("Departure lapsed: nobody stopped this process; serving again");
                } else if (before instanceof Unconfirmed) {
                    LOG.info("Departure was never confirmed; serving again");
                }
            }
            case Asked _ -> LOG.info("A hook asks; asking the control plane");
            case Unconfirmed(Duration since, Optional<HookAnswer> answered) ->
                    answered.ifPresentOrElse(
                            answer -> unconfirmed(answer, since), DepartureLog::nobodyTells);
            case Holding(Cause cause, var _) ->
                    LOG.atInfo().addKeyValue("cause", cause).log("Departure begins");
            case Lingering(var _, Duration began, Duration decided, ReleaseReason reason) ->
                    LOG.atInfo()
                            .addKeyValue("reason", reason.text())
                            .addKeyValue("afterMillis", decided.minus(began).toMillis())
                            .log("Departure decided");
            case Released(var _, Duration began, var _, Duration ended, ReleaseReason reason) ->
                    LOG.atInfo()
                            .addKeyValue("reason", reason.text())
                            .addKeyValue("afterMillis", ended.minus(began).toMillis())
                            .log("Departure released");
        }
    }

    private static void nobodyTells() {
        LOG.info("Departure unconfirmed: nobody tells whether this instance leaves; clients move");
    }

    private static void unconfirmed(HookAnswer answer, Duration since) {
        LOG.atInfo()
                .addKeyValue("reason", answer.reason().text())
                .addKeyValue("afterMillis", answer.at().minus(since).toMillis())
                .log("Departure unconfirmed: the hook was answered");
    }

    static void ledger(Ledger ledger) {
        Balance balance = ledger.balance();
        Ledger.Times times = ledger.times();
        LOG.atInfo()
                .addKeyValue("cause", ledger.cause())
                .addKeyValue("releaseReason", ledger.releaseReason().text())
                .addKeyValue("heldByOwnHook", ledger.ownHooks())
                .addKeyValue("inFlight", balance.inFlight())
                .addKeyValue("accepted", balance.accepted())
                .addKeyValue("answered", balance.answered())
                .addKeyValue("handedBack", balance.handedBack())
                .addKeyValue("abandoned", balance.abandoned())
                .addKeyValue("cut", balance.cut())
                .addKeyValue("lost", balance.lost())
                .addKeyValue("hookMillis", millis(times.hook().orElse(null)))
                .addKeyValue("releaseMillis", millis(times.release().orElse(null)))
                .addKeyValue("termMillis", millis(times.term().orElse(null)))
                .addKeyValue("goneMillis", millis(times.gone().orElse(null)))
                .addKeyValue("exitMillis", times.exit().toMillis())
                .addKeyValue("waitedFor", ledger.waitedFor().size())
                .addKeyValue("cutNames", ledger.cutNames())
                .log("Ledger");
    }

    static void ledgerUnsent(Throwable failure) {
        LOG.atInfo()
                .addKeyValue("cause", String.valueOf(failure.getMessage()))
                .log("The ledger was not recorded by a control plane");
    }

    static void toldAfterTheEnd() {
        LOG.debug("Told that the application has ended, after the end of the proxy");
    }

    private static Object millis(@Nullable Duration duration) {
        return duration == null ? "-" : duration.toMillis();
    }
}
