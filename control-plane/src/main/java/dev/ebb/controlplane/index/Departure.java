package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The leaving of one instance: who votes, how the votes stand, when it was released.
///
/// It is released once no subscriber's state that was sent and not overtaken holds the instance as
/// pickable and, where nothing else is ready, no replacement is coming.
final class Departure {
    /// Of subscribers that come and go under ever new uids, only so many are remembered.
    private static final int MAX_TALLIES = 10_000;

    private final Instance instance;
    private Cause cause;
    private final long began;

    /// Every destination in which the instance has an address, or in which a subscriber holds one.
    private final Set<Destination> destinations = new LinkedHashSet<>();

    private final Map<Voter, Tally> tallies = new LinkedHashMap<>();
    private final Set<Voter> waiting = new LinkedHashSet<>();
    private OptionalLong released = OptionalLong.empty();
    private Optional<Deletion> deletion = Optional.empty();
    private boolean noOtherEndpoint;
    private boolean cannotTell;
    private LastEndpoint lastEndpoint = LastEndpoint.IS_NOT;

    Departure(Instance instance, Cause cause, long began) {
        this.instance = instance;
        this.cause = cause;
        this.began = began;
    }

    /// Goes on with the departure of an instance that vanished and came back; votes are counted
    /// afresh.
    static Departure resumed(DepartureReport report, long began) {
        Departure departure =
                new Departure(report.instance(), report.cause().orElse(Cause.TERM), began);
        report.timing()
                .released()
                .ifPresent(held -> departure.released = OptionalLong.of(began + held.toNanos()));
        departure.noOtherEndpoint = report.status().noOtherEndpoint();
        departure.deletion = report.status().deletion();
        return departure;
    }

    Instance instance() {
        return instance;
    }

    Cause cause() {
        return cause;
    }

    /// A reason was given again; from a weightier one there is no way back.
    void caused(Cause again) {
        cause = cause.or(again);
    }

    /// The cluster deletes the instance; a later, shorter grace wins.
    void deleted(Deletion told) {
        caused(Cause.DELETED);
        deletion = Optional.of(deletion.map(before -> before.and(told)).orElse(told));
    }

    long began() {
        return began;
    }

    Set<Destination> destinations() {
        return destinations;
    }

    void concerns(Collection<Destination> more) {
        destinations.addAll(more);
    }

    boolean isReleased() {
        return released.isPresent();
    }

    /// Whether only time or a replacement stands between it and its release.
    boolean isWaitingForNobody() {
        return waiting.isEmpty();
    }

    /// Takes note of what one subscriber holds now; cheap, for acknowledgements.
    void count(Subscription subscription, Collection<Subscription> ofSameSubscriber, long now) {
        boolean holds =
                ofSameSubscriber.stream()
                        .filter(other -> other.destination() == subscription.destination())
                        .anyMatch(other -> other.holds(instance.uid()));
        Voter voter = Voter.of(subscription);
        if (holds) {
            await(voter, subscription, now);
        } else if (waiting.remove(voter)) {
            tally(voter).applied(now, outcome(subscription));
        }
    }

    /// Counts every vote afresh and releases the instance if nothing stands against it; true if so.
    boolean judge(Departures departures, Duration settle, boolean warmingUp, long now) {
        if (isReleased()) {
            return false;
        }
        recount(now);
        cannotTell = warmingUp;
        lastEndpoint = lastEndpoint(departures, settle, now);
        if (cannotTell || !waiting.isEmpty() || lastEndpoint.isWaiting()) {
            return false;
        }
        released = OptionalLong.of(now);
        noOtherEndpoint = lastEndpoint == LastEndpoint.IS_LAST;
        return true;
    }

    /// The subscriber's lease has ended; returns the destinations in which it owed an answer.
    List<DestinationName> lapse(Instance subscriber) {
        List<Voter> owing =
                waiting.stream().filter(voter -> voter.uid().equals(subscriber.uid())).toList();
        for (Voter voter : owing) {
            waiting.remove(voter);
            tally(voter).lapsed();
        }
        return owing.stream().map(Voter::destination).toList();
    }

    DepartureStatus status(long now) {
        return new DepartureStatus(
                state(),
                waiting.stream()
                        .limit(DepartureStatus.MAX_NAMED)
                        .map(voter -> tally(voter).awaited(now))
                        .toList(),
                waiting.size(),
                reason(),
                lapsed(),
                noOtherEndpoint,
                DepartureStatus.Application.UNKNOWN,
                deletion);
    }

    DepartureReport report(DepartureReport.Outcome outcome, long now) {
        return new DepartureReport(
                instance,
                Optional.of(cause),
                status(now),
                new DepartureReport.Timing(Duration.ofNanos(now - began), held()),
                tallies.values().stream().map(Tally::vote).toList(),
                outcome);
    }

    /// How long it was held.
    Optional<Duration> held() {
        return released.isPresent()
                ? Optional.of(Duration.ofNanos(released.getAsLong() - began))
                : Optional.empty();
    }

    /// Counts every vote for the first time. The EndpointSlice may have told of the leaving ahead
    /// of the pod: who has applied that has voted.
    void firstCount(long now) {
        recount(now);
        if (isReleased()) {
            return;
        }
        for (Destination destination : destinations) {
            for (Subscription subscription : destination.subscriptions()) {
                Voter voter = Voter.of(subscription);
                if (!waiting.contains(voter) && subscription.wasTold(instance.uid())) {
                    tallyOf(voter, subscription, now).applied(now, outcome(subscription));
                }
            }
        }
    }

    /// Counts every vote afresh.
    void recount(long now) {
        Set<Voter> holding = new HashSet<>();
        Map<Voter, Subscription> answered = new LinkedHashMap<>();
        for (Destination destination : destinations) {
            for (Subscription subscription : destination.subscriptions()) {
                Voter voter = Voter.of(subscription);
                if (subscription.holds(instance.uid())) {
                    holding.add(voter);
                    await(voter, subscription, now);
                } else {
                    answered.put(voter, subscription);
                }
            }
        }
        for (Voter voter : List.copyOf(waiting)) {
            if (!holding.contains(voter)) {
                waiting.remove(voter);
                Subscription subscription = answered.get(voter);
                tally(voter)
                        .applied(
                                now,
                                subscription == null
                                        ? Vote.Outcome.APPLIED
                                        : outcome(subscription));
            }
        }
    }

    private void await(Voter voter, Subscription subscription, long now) {
        if (waiting.add(voter)) {
            tallyOf(voter, subscription, now).waiting(now);
        }
    }

    private Tally tallyOf(Voter voter, Subscription subscription, long now) {
        if (!tallies.containsKey(voter)) {
            forgetOneIfTooMany();
        }
        return tallies.computeIfAbsent(
                voter,
                _ ->
                        new Tally(
                                subscription.subscriber().instance(),
                                voter.destination(),
                                began,
                                now));
    }

    private void forgetOneIfTooMany() {
        if (tallies.size() >= MAX_TALLIES) {
            tallies.keySet().stream()
                    .filter(voter -> !waiting.contains(voter))
                    .findFirst()
                    .ifPresent(tallies::remove);
        }
    }

    private Tally tally(Voter voter) {
        Tally tally = tallies.get(voter);
        if (tally == null) {
            throw new IllegalStateException("no tally of " + voter + " (expected: one each voter)");
        }
        return tally;
    }

    private LastEndpoint lastEndpoint(Departures departures, Duration settle, long now) {
        LastEndpoint worst = LastEndpoint.IS_NOT;
        for (Destination destination : destinations) {
            if (destination.isServedBy(instance.uid())
                    && !destination.published().hasReadyOtherThan(instance.uid())) {
                boolean isComing = destination.isReplacementComing(instance.uid(), departures);
                worst = worst.or(verdict(isComing, settle, now));
            }
        }
        return worst;
    }

    private LastEndpoint verdict(boolean replacementComing, Duration settle, long now) {
        if (replacementComing) {
            return LastEndpoint.REPLACEMENT_COMING;
        }
        return now - began < settle.toNanos() ? LastEndpoint.TOO_EARLY : LastEndpoint.IS_LAST;
    }

    private DepartureStatus.State state() {
        if (isReleased()) {
            return DepartureStatus.State.RELEASED;
        }
        return cannotTell ? DepartureStatus.State.CANNOT_TELL : DepartureStatus.State.WAITING;
    }

    private String reason() {
        if (isReleased()) {
            return noOtherEndpoint ? "released; no other endpoint is ready" : "released";
        }
        if (cannotTell) {
            return "the control plane is warming up";
        }
        return switch (waiting.size()) {
            case 0 -> lastEndpoint.words();
            case 1 -> "1 subscriber has not applied";
            default -> waiting.size() + " subscribers have not applied";
        };
    }

    private List<String> lapsed() {
        return tallies.values().stream()
                .filter(tally -> tally.outcome() == Vote.Outcome.LAPSED)
                .map(tally -> tally.subscriber().name())
                .distinct()
                .limit(DepartureStatus.MAX_NAMED)
                .toList();
    }

    private static Vote.Outcome outcome(Subscription subscription) {
        return subscription.isLastResort() ? Vote.Outcome.LAST_RESORT : Vote.Outcome.APPLIED;
    }

    /// Whose vote it is: one a subscriber and destination, however many subscriptions there are.
    private record Voter(String uid, DestinationName destination) {
        static Voter of(Subscription subscription) {
            return new Voter(
                    subscription.subscriber().instance().uid(), subscription.destination().name());
        }
    }

    /// Whether another endpoint is ready wherever the instance serves; in order of what is waited
    /// for.
    private enum LastEndpoint {
        IS_NOT("about to be released"),
        IS_LAST("about to be released"),
        TOO_EARLY("no other endpoint is ready; waiting for a replacement to show up"),
        REPLACEMENT_COMING("a replacement is coming");

        private final String words;

        LastEndpoint(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }

        boolean isWaiting() {
            return this == TOO_EARLY || this == REPLACEMENT_COMING;
        }

        LastEndpoint or(LastEndpoint other) {
            return compareTo(other) >= 0 ? this : other;
        }
    }
}
