package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureReport.Outcome;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Instance;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.LongSupplier;

/// Begins and ends departures, and follows every change to its end: publishes what the sources say,
/// judges the departures that this touches, publishes again what a release takes away, and hands
/// out to the subscribers that take it.
final class Settlement {
    private final Directory directory;
    private final Departures departures;
    private final Members members;
    private final LongSupplier nanos;
    private final IndexEvents events;
    private final Duration lastEndpointWait;

    /// Destinations whose sources may say something else than what is published.
    private final Set<Destination> stale = new LinkedHashSet<>();

    /// Departures whose votes are to be counted afresh.
    private final Set<Departure> unsettled = new LinkedHashSet<>();

    /// Departures whose instances may have something to learn.
    private final Set<Departure> news = new LinkedHashSet<>();

    /// Connections that may have something to be said on.
    private final Set<Connection> touched = new LinkedHashSet<>();

    private boolean warmingUp = true;

    Settlement(
            Directory directory,
            Departures departures,
            Members members,
            LongSupplier nanos,
            IndexEvents events,
            Duration lastEndpointWait) {
        this.directory = directory;
        this.departures = departures;
        this.members = members;
        this.nanos = nanos;
        this.events = events;
        this.lastEndpointWait = lastEndpointWait;
    }

    boolean isWarmingUp() {
        return warmingUp;
    }

    /// From now on releases are possible and the sources alone decide.
    void warm() {
        warmingUp = false;
        for (Destination destination : directory.all()) {
            for (Subscription subscription : destination.subscriptions()) {
                subscription.stopCarrying();
                markPending(subscription);
            }
        }
        unsettled.addAll(departures.underway());
    }

    /// Begins the departure of an instance.
    Departure begin(Instance instance, Cause cause) {
        long now = nanos.getAsLong();
        Departure departure = departures.begin(instance, cause, now);
        departure.concerns(directory.servedBy(instance.uid()));
        departure.concerns(directory.holding(instance.uid()));
        departure.firstCount(now);
        events.departureBegan(departure.report(new Outcome.Underway(), now));
        changed(departure.destinations());
        recount(departure);
        return departure;
    }

    /// Ends a departure.
    void end(Departure departure, Outcome outcome) {
        events.departureEnded(departures.end(departure, outcome, nanos.getAsLong()));
        unsettled.remove(departure);
        news.remove(departure);
        stale.addAll(departure.destinations());
    }

    void changed(Collection<Destination> destinations) {
        stale.addAll(destinations);
    }

    void recount(Departure departure) {
        unsettled.add(departure);
    }

    /// A vote was counted; the whole is judged only once it may be decided.
    void counted(Departure departure) {
        (departure.isWaitingForNobody() ? unsettled : news).add(departure);
    }

    /// The cluster deletes the instance: it is told so, whether it has asked or not.
    void tellUnasked(Departure departure) {
        members.connection(departure.instance().uid()).ifPresent(Connection::follow);
        news.add(departure);
    }

    /// Has something to say about an instance's own departure, with what is known of its
    /// application.
    void say(Connection connection, DepartureStatus status) {
        String uid = connection.instance().uid();
        connection.say(status.with(directory.cluster().application(uid)));
        touched.add(connection);
    }

    void touch(Connection connection) {
        touched.add(connection);
    }

    /// The subscription may have something newer than what was sent.
    void markPending(Subscription subscription) {
        Connection connection = subscription.subscriber().connection();
        if (connection != null
                && connection.subscriptions().get(subscription.number()) == subscription) {
            connection.markPending(subscription);
            touched.add(connection);
        }
    }

    /// Removes subscriptions; they vote no more.
    void drop(Collection<Subscription> ended) {
        for (Subscription subscription : ended) {
            Destination destination = subscription.destination();
            destination.subscriptions().remove(subscription);
            stale.add(destination);
            unsettled.addAll(departures.concerning(destination));
        }
    }

    /// Does all of it. Nothing is left to be done when it returns, but what subscribers do not take
    /// yet.
    void settle() {
        while (!stale.isEmpty() || !unsettled.isEmpty()) {
            List<Destination> toPublish = List.copyOf(stale);
            stale.clear();
            toPublish.forEach(this::publish);
            List<Departure> toJudge = List.copyOf(unsettled);
            unsettled.clear();
            toJudge.forEach(this::judge);
        }
        news.forEach(this::tell);
        news.clear();
        touched.forEach(connection -> connection.pump(departures));
        touched.clear();
    }

    private void publish(Destination destination) {
        // While warming up a subscriber is sent more than what is published.
        if (directory.refresh(destination) || warmingUp) {
            destination.subscriptions().forEach(this::markPending);
        }
        departures.underway().stream()
                .filter(departure -> destination.isServedBy(departure.instance().uid()))
                .forEach(departure -> departure.concerns(Set.of(destination)));
        // Also when the same is published: whether a replacement is coming is not in the set.
        unsettled.addAll(departures.concerning(destination));
        directory.dropUnused(destination);
    }

    private void judge(Departure departure) {
        long now = nanos.getAsLong();
        if (departure.judge(departures, lastEndpointWait, warmingUp, now)) {
            stale.addAll(departure.destinations());
            DepartureReport report = departure.report(new Outcome.Underway(), now);
            events.departureReleased(report, departure.held().orElse(Duration.ZERO));
        }
        news.add(departure);
    }

    private void tell(Departure departure) {
        members.connection(departure.instance().uid())
                .filter(Connection::hasAsked)
                .ifPresent(connection -> say(connection, departure.status(nanos.getAsLong())));
    }
}
