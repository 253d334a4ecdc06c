package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Update;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One stream of one instance, and what is to be said on it; handed out by the index and given back
/// to it with every message.
public final class Connection {
    private final Member member;
    private final Subscriber subscriber;
    private final Map<Long, Subscription> subscriptions = new LinkedHashMap<>();

    /// Subscriptions that may have something newer than what was sent.
    private final Set<Subscription> pending = new LinkedHashSet<>();

    private boolean announced;
    private boolean asked;
    private boolean open = true;
    private @Nullable DepartureStatus unsaid;
    private @Nullable DepartureStatus lastSaid;

    Connection(Member member, Subscriber subscriber) {
        this.member = member;
        this.subscriber = subscriber;
    }

    /// Whose stream it is.
    public Instance instance() {
        return member.instance();
    }

    Member member() {
        return member;
    }

    Subscriber subscriber() {
        return subscriber;
    }

    Map<Long, Subscription> subscriptions() {
        return subscriptions;
    }

    /// Ends a subscription: nothing more is sent on it.
    @Nullable Subscription unsubscribe(long number) {
        Subscription ended = subscriptions.remove(number);
        if (ended != null) {
            pending.remove(ended);
        }
        return ended;
    }

    boolean isOpen() {
        return open;
    }

    /// Ends the connection; what it holds is taken over by the member.
    void closed() {
        open = false;
        pending.clear();
        unsaid = null;
    }

    /// Whether the instance has announced its departure on this stream.
    boolean hasAnnounced() {
        return announced;
    }

    void announced() {
        announced = true;
    }

    /// Whether the instance wants to know how its departure stands.
    boolean hasAsked() {
        return asked;
    }

    /// The instance is told how its departure stands as if it had asked, unless that is what it was
    /// told last.
    void follow() {
        asked = true;
    }

    /// Owes an answer, also if it is the same as before.
    void ask() {
        asked = true;
        lastSaid = null;
    }

    void stopAsking() {
        asked = false;
        unsaid = null;
    }

    /// Replaces what is to be said about the departure, if it is news.
    void say(DepartureStatus status) {
        DepartureStatus said = lastSaid;
        unsaid = said != null && said.saysTheSameAs(status) ? null : status;
    }

    void markPending(Subscription subscription) {
        pending.add(subscription);
    }

    /// Sends the newest there is for as long as the other end takes it.
    void pump(Departures departures) {
        while (open && subscriber.isReady()) {
            Optional<Update> next = next(departures);
            if (next.isEmpty()) {
                return;
            }
            subscriber.send(next.get());
        }
    }

    private Optional<Update> next(Departures departures) {
        DepartureStatus status = unsaid;
        if (status != null) {
            unsaid = null;
            lastSaid = status;
            asked = isUndecided(status);
            return Optional.of(new Update.Departing(status));
        }
        for (Iterator<Subscription> waiting = pending.iterator(); waiting.hasNext(); ) {
            Optional<Update> update = waiting.next().next(departures);
            waiting.remove();
            if (update.isPresent()) {
                return update;
            }
        }
        return Optional.empty();
    }

    private static boolean isUndecided(DepartureStatus status) {
        return switch (status.state()) {
            case WAITING, CANNOT_TELL -> true;
            case NONE, RELEASED -> false;
        };
    }
}
