package dev.ebb.controlplane.model;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a departing instance is told.
///
/// @param waitingFor who still holds an address of it as pickable, at most [#MAX_NAMED]
/// @param waiting how many there are
/// @param reason why, in words for people
/// @param lapsed the names of subscribers whose lease ended before they answered, at most
///   [#MAX_NAMED]
/// @param noOtherEndpoint at the release no other endpoint was ready
/// @param application what is known of the application behind the instance
/// @param deletion where a cluster tells of one
public record DepartureStatus(
        State state,
        List<Awaited> waitingFor,
        int waiting,
        String reason,
        List<String> lapsed,
        boolean noOtherEndpoint,
        Application application,
        Optional<Deletion> deletion) {
    /// How many are named; the rest are only counted.
    public static final int MAX_NAMED = 100;

    /// The answer for an instance that is not leaving.
    public static final DepartureStatus NONE = without(State.NONE, "no departure is known");

    public DepartureStatus {
        waitingFor = List.copyOf(waitingFor);
        lapsed = List.copyOf(lapsed);
    }

    /// The answer for an instance of which nobody can say whether it leaves.
    public static DepartureStatus cannotTell(String reason) {
        return without(State.CANNOT_TELL, reason);
    }

    /// The same, with what is known of the application.
    public DepartureStatus with(Application other) {
        return new DepartureStatus(
                state, waitingFor, waiting, reason, lapsed, noOtherEndpoint, other, deletion);
    }

    /// Whether `other` says the same; how long subscribers have been waited for is not news.
    public boolean saysTheSameAs(DepartureStatus other) {
        return state == other.state
                && waiting == other.waiting
                && reason.equals(other.reason)
                && lapsed.equals(other.lapsed)
                && application == other.application
                && deletion.equals(other.deletion)
                && names().equals(other.names());
    }

    private static DepartureStatus without(State state, String reason) {
        return new DepartureStatus(
                state,
                List.of(),
                0,
                reason,
                List.of(),
                false,
                Application.UNKNOWN,
                Optional.empty());
    }

    private List<Instance> names() {
        return waitingFor.stream().map(Awaited::subscriber).toList();
    }

    /// Whether the instance may go.
    public enum State {
        /// No departure is known.
        NONE,
        /// Not yet.
        WAITING,
        /// Nobody holds it as pickable.
        RELEASED,
        /// Warming up, or the cluster could not be asked: the proxy holds for the safe minimum
        /// instead.
        CANNOT_TELL
    }

    /// What is known of the application behind an instance.
    public enum Application {
        /// No source could tell.
        UNKNOWN,
        /// Not every container of it has terminated for good.
        RUNNING,
        /// Every container of it has terminated for good.
        GONE
    }

    /// What a cluster tells of the deletion of an instance.
    ///
    /// @param grace from the beginning of its departure until it is killed; empty if nobody can
    ///   tell
    /// @param ownHooks the application's containers that a hook of their own keeps from being told
    ///   to stop, by name; at most [#MAX_NAMED]
    public record Deletion(Optional<Duration> grace, List<String> ownHooks) {
        /// How many containers are named.
        public static final int MAX_NAMED = 100;

        /// The instance is not there any more, and nothing else is known.
        public static final Deletion DONE = new Deletion(Optional.empty(), List.of());

        public Deletion {
            ownHooks = List.copyOf(ownHooks.subList(0, Math.min(MAX_NAMED, ownHooks.size())));
        }

        /// Without hooks of its own.
        public static Deletion within(Duration grace) {
            return new Deletion(Optional.of(grace), List.of());
        }

        /// The same after later news: a shorter grace wins, a longer one does not, and what only
        /// one of the two knows stays known.
        public Deletion and(Deletion later) {
            Optional<Duration> shortest =
                    later.grace
                            .filter(told -> grace.isEmpty() || told.compareTo(grace.get()) < 0)
                            .or(() -> grace);
            List<String> all = new ArrayList<>(ownHooks);
            later.ownHooks.stream().filter(name -> !all.contains(name)).forEach(all::add);
            return new Deletion(shortest, all);
        }
    }
}
