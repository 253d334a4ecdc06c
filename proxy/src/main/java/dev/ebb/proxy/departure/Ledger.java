package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.ControlAnswer.Awaited;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// The one record that a departure leaves.
///
/// @param cause how it began
/// @param times when what happened
/// @param releaseReason why it was released
/// @param balance what became of the requests
/// @param cutNames what was cut, by name; at most [#MAX_NAMES]
/// @param waitedFor who was waited for, and how long at most; at most [#MAX_NAMES]
/// @param ownHooks the containers that were held by their own hook; at most [#MAX_NAMES]
public record Ledger(
        Cause cause,
        Times times,
        ReleaseReason releaseReason,
        Balance balance,
        List<String> cutNames,
        List<Awaited> waitedFor,
        List<String> ownHooks) {

    /// Names that are kept of each kind.
    public static final int MAX_NAMES = 100;

    public Ledger {
        cutNames = List.copyOf(cutNames.subList(0, Math.min(MAX_NAMES, cutNames.size())));
        waitedFor = List.copyOf(waitedFor.subList(0, Math.min(MAX_NAMES, waitedFor.size())));
        ownHooks = List.copyOf(ownHooks.subList(0, Math.min(MAX_NAMES, ownHooks.size())));
    }

    /// When what happened, counted from the beginning of the departure by a monotonic clock; empty
    /// is "did not happen".
    ///
    /// @param hook the first hook or hold was asked for
    /// @param release the application might be told to stop
    /// @param term this process got TERM
    /// @param gone the application had gone
    /// @param exit the last message was sent
    public record Times(
            Optional<Duration> hook,
            Optional<Duration> release,
            Optional<Duration> term,
            Optional<Duration> gone,
            Duration exit) {}
}
