package dev.ebb.controlplane.model;

import java.util.List;

/// What a departing instance is told.
///
/// @param waitingFor who still holds an address of it as pickable, at most [#MAX_NAMED]
/// @param waiting how many there are
/// @param reason why, in words for people
/// @param lapsed the names of subscribers whose lease ended before they answered, at most
///   [#MAX_NAMED]
/// @param noOtherEndpoint at the release no other endpoint was ready
public record DepartureStatus(
        State state,
        List<Awaited> waitingFor,
        int waiting,
        String reason,
        List<String> lapsed,
        boolean noOtherEndpoint) {
    /// How many are named; the rest are only counted.
    public static final int MAX_NAMED = 100;

    /// The answer for an instance that is not leaving.
    public static final DepartureStatus NONE =
            new DepartureStatus(
                    State.NONE, List.of(), 0, "no departure is known", List.of(), false);

    public DepartureStatus {
        waitingFor = List.copyOf(waitingFor);
        lapsed = List.copyOf(lapsed);
    }

    /// Whether `other` says the same; how long subscribers have been waited for is not news.
    public boolean saysTheSameAs(DepartureStatus other) {
        return state == other.state
                && waiting == other.waiting
                && reason.equals(other.reason)
                && lapsed.equals(other.lapsed)
                && names().equals(other.names());
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
        /// Warming up: the proxy holds for the safe minimum instead.
        CANNOT_TELL
    }
}
