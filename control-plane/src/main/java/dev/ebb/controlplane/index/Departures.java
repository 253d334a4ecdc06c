package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Cause;
import dev.ebb.controlplane.model.DepartureReport;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import dev.ebb.controlplane.model.Vote;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The departures underway and the most recent ones that have ended.
///
/// Leaving is sticky by uid: once an instance has left, nothing but its own withdrawal brings it
/// back.
final class Departures {
    private final int maxRecent;
    private final Map<String, Departure> underway = new LinkedHashMap<>();
    private final Map<String, Ended> recent = new LinkedHashMap<>();

    Departures(int maxRecent) {
        this.maxRecent = maxRecent;
    }

    Collection<Departure> underway() {
        return List.copyOf(underway.values());
    }

    List<Departure> concerning(Destination destination) {
        return underway.values().stream()
                .filter(departure -> departure.destinations().contains(destination))
                .toList();
    }

    Optional<Departure> of(String uid) {
        return Optional.ofNullable(underway.get(uid));
    }

    Phase phase(String uid) {
        Departure departure = underway.get(uid);
        if (departure != null) {
            return departure.isReleased() ? Phase.GONE : Phase.LEAVING;
        }
        Ended ended = recent.get(uid);
        return ended == null || ended.mayServe() ? Phase.SERVING : Phase.GONE;
    }

    /// Whether the instance has sent its last message.
    boolean isRecorded(String uid) {
        Ended ended = recent.get(uid);
        return ended != null
                && ended.report().outcome() instanceof DepartureReport.Outcome.Recorded;
    }

    /// Forgets a departure that has ended: the instance has begun a new life.
    void forget(String uid) {
        recent.remove(uid);
    }

    /// Whether the instance vanished while it could not have stayed, so that it still leaves if it
    /// comes back.
    boolean isVanishedAfterTerm(String uid) {
        Ended ended = recent.get(uid);
        return ended != null
                && ended.hasVanished()
                && ended.report().cause().filter(Cause::isFinal).isPresent();
    }

    /// Begins a departure, or goes on with the one of an instance that had vanished from sight.
    Departure begin(Instance instance, Cause cause, long now) {
        Ended ended = recent.remove(instance.uid());
        Departure departure =
                ended != null && ended.hasVanished()
                        ? Departure.resumed(ended.report(), ended.began())
                        : new Departure(instance, cause, now);
        underway.put(instance.uid(), departure);
        return departure;
    }

    DepartureReport end(Departure departure, DepartureReport.Outcome outcome, long now) {
        underway.remove(departure.instance().uid());
        DepartureReport report = slowest(departure.report(outcome, now));
        keep(new Ended(report, departure.began(), now));
        return report;
    }

    /// Keeps the last message of an instance that had not announced that it leaves.
    DepartureReport endUnannounced(Instance instance, DepartureReport.Outcome outcome, long now) {
        DepartureReport report =
                new DepartureReport(
                        instance,
                        Optional.empty(),
                        DepartureStatus.NONE,
                        new DepartureReport.Timing(Duration.ZERO, Optional.empty()),
                        List.of(),
                        outcome);
        keep(new Ended(report, now, now));
        return report;
    }

    /// Reports of one instance, by uid or name, or of all; newest first, those underway ahead.
    List<DepartureReport> reports(String instance, long now) {
        List<DepartureReport> reports = new ArrayList<>();
        for (Departure departure : underway.values()) {
            reports.add(departure.report(new DepartureReport.Outcome.Underway(), now));
        }
        List<DepartureReport> ended = new ArrayList<>();
        recent.values().forEach(each -> ended.add(each.report(now)));
        reports.addAll(ended);
        return reports.reversed().stream()
                .sorted(Comparator.comparing(Departures::hasEnded))
                .filter(report -> isAbout(report, instance))
                .toList();
    }

    private void keep(Ended ended) {
        String uid = ended.report().instance().uid();
        recent.remove(uid);
        recent.put(uid, ended);
        if (recent.size() > maxRecent) {
            recent.remove(recent.keySet().iterator().next());
        }
    }

    private static boolean hasEnded(DepartureReport report) {
        return !(report.outcome() instanceof DepartureReport.Outcome.Underway);
    }

    private static boolean isAbout(DepartureReport report, String instance) {
        return instance.isEmpty()
                || report.instance().uid().equals(instance)
                || report.instance().name().equals(instance);
    }

    /// The same report with the votes that took longest: they are what people look for, and
    /// thousands of votes in each of a thousand reports would be too many to keep.
    private static DepartureReport slowest(DepartureReport report) {
        Comparator<Vote> slowestFirst =
                Comparator.comparing(
                        (Vote vote) -> vote.applied().orElse(Duration.ofNanos(Long.MAX_VALUE)),
                        Comparator.reverseOrder());
        List<Vote> votes =
                report.votes().stream()
                        .sorted(slowestFirst)
                        .limit(DepartureReport.MAX_VOTES)
                        .toList();
        return new DepartureReport(
                report.instance(),
                report.cause(),
                report.status(),
                report.timing(),
                votes,
                report.outcome());
    }

    /// @param began when the departure began
    /// @param at when it ended
    private record Ended(DepartureReport report, long began, long at) {

        /// Whether the instance may be published again: it has withdrawn; or it was only held when
        /// it vanished, so that it goes on serving if it comes back and does not announce it again.
        boolean mayServe() {
            return report.outcome() instanceof DepartureReport.Outcome.Withdrawn
                    || (hasVanished() && report.cause().equals(Optional.of(Cause.HOLD)));
        }

        boolean hasVanished() {
            return report.outcome() instanceof DepartureReport.Outcome.Vanished;
        }

        /// The report with the age it has by now.
        DepartureReport report(long now) {
            DepartureReport.Timing timing = report.timing();
            return new DepartureReport(
                    report.instance(),
                    report.cause(),
                    report.status(),
                    new DepartureReport.Timing(timing.age().plusNanos(now - at), timing.released()),
                    report.votes(),
                    report.outcome());
        }
    }
}
