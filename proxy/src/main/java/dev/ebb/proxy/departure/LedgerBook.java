package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.ControlAnswer.Awaited;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.Ledger.Times;
import dev.ebb.proxy.departure.RequestCounts.Snapshot;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Keeps what the ledger of a departure will say. Used on the control loop; times are passed in.
final class LedgerBook {

    private final RequestCounts counts;
    private final Map<WaitKey, Awaited> waitedFor = new LinkedHashMap<>();

    private final Set<String> ownHooks = new LinkedHashSet<>();

    private Snapshot atBeginning;
    private @Nullable Duration hook;
    private @Nullable Duration term;
    private @Nullable Duration gone;

    LedgerBook(RequestCounts counts) {
        this.counts = counts;
        this.atBeginning = counts.snapshot();
    }

    /// A departure begins here. A hook before that asked for something else.
    void began(Duration at) {
        hook = hook == null || hook.compareTo(at) < 0 ? null : hook;
        atBeginning = counts.snapshot();
        waitedFor.clear();
    }

    /// A hook or a hold was asked for; the first counts.
    void hook(Duration now) {
        hook = hook == null ? now : hook;
    }

    /// This process was told to end; the first time counts.
    void term(Duration now) {
        term = term == null ? now : term;
    }

    /// The application has gone.
    void gone(Duration now) {
        gone = gone == null ? now : gone;
    }

    /// Notes who is waited for; of one subscriber the longest wait is kept.
    void waitingFor(List<Awaited> subscribers) {
        for (Awaited each : subscribers) {
            WaitKey key = new WaitKey(each.uid(), each.destination());
            if (waitedFor.containsKey(key) || waitedFor.size() < Ledger.MAX_NAMES) {
                waitedFor.merge(key, each, (a, b) -> a.waited().compareTo(b.waited()) >= 0 ? a : b);
            }
        }
    }

    /// Notes which containers are kept by a hook of their own.
    void ownHooks(List<String> containers) {
        containers.stream().limit(Ledger.MAX_NAMES - ownHooks.size()).forEach(ownHooks::add);
    }

    /// The departure never was: it lapsed, or the instance is alive.
    void forget() {
        hook = null;
        waitedFor.clear();
    }

    /// Closes the book.
    ///
    /// @param cutNames what was cut at the end of the grace
    Ledger close(Released end, List<String> cutNames, Duration now) {
        Duration began = end.began();
        Times times =
                new Times(
                        since(began, hook),
                        since(began, end.ended()),
                        since(began, term),
                        since(began, gone),
                        now.minus(began));
        return new Ledger(
                end.cause(),
                times,
                end.reason(),
                Balance.between(atBeginning, counts.snapshot()),
                cutNames,
                List.copyOf(waitedFor.values()),
                List.copyOf(ownHooks));
    }

    /// What happened before the departure began is told as its beginning: `POST /shutdown` says
    /// that the application has gone, and that is why it begins.
    private static Optional<Duration> since(Duration began, @Nullable Duration at) {
        return Optional.ofNullable(at)
                .map(when -> when.compareTo(began) < 0 ? Duration.ZERO : when.minus(began));
    }

    private record WaitKey(String uid, String destination) {}
}
