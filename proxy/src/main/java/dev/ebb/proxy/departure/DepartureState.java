package dev.ebb.proxy.departure;

import java.time.Duration;
import java.util.Optional;

/// Where a departure stands. All times are readings of one monotonic clock.
///
/// ```
/// Serving ── hook ──► Asked ── confirmed ──► Holding ── decided ──► Lingering ──► Released
///    ▲  ▲               │                      ▲  ▲                                  │
///    │  ├──── alive ────┤  TERM, POST, deleted ┘  │                                  │
///    │  │              2 s                        │                                  │
///    │  │               ▼                         │                                  │
///    │  └ alive, lapse ─ Unconfirmed ── confirmed ┘                                  │
///    └────────────────────────── lapse (begun by HOLD only) ─────────────────────────┘
/// ```
public sealed interface DepartureState {

    /// No departure.
    record Serving() implements DepartureState {}

    /// A hook waits, and the control plane has not told yet whether this instance leaves.
    record Asked(Duration since) implements DepartureState {}

    /// Nobody has told in time. Whoever asked may be anybody, so this instance does only what can
    /// be taken back: it says that it leaves, and its clients avoid it for a while.
    ///
    /// @param since when the hook asked
    /// @param answered how the hook was answered; empty while it waits
    record Unconfirmed(Duration since, Optional<HookAnswer> answered) implements DepartureState {}

    /// The answer to a hook that nobody has confirmed.
    ///
    /// @param reason that of the safe minimum, or of the budget where that is shorter
    record HookAnswer(Duration at, ReleaseReason reason) {}

    /// The departure is under way, and the application is not told yet.
    record Holding(Cause cause, Duration began) implements DepartureState {}

    /// Decided; the hook still waits for clients outside the mesh (floor and quiet).
    record Lingering(Cause cause, Duration began, Duration decided, ReleaseReason reason)
            implements DepartureState {}

    /// The application may be told to stop.
    record Released(
            Cause cause, Duration began, Duration decided, Duration ended, ReleaseReason reason)
            implements DepartureState {}

    /// When it began: the first of news and hook.
    default Optional<Duration> beginning() {
        return switch (this) {
            case Serving() -> Optional.empty();
            case Asked(Duration since) -> Optional.of(since);
            case Unconfirmed(Duration since, var _) -> Optional.of(since);
            case Holding holding -> Optional.of(holding.began);
            case Lingering lingering -> Optional.of(lingering.began);
            case Released released -> Optional.of(released.began);
        };
    }

    /// Whether the hook is answered once clients outside the mesh are quiet.
    default boolean awaitsQuiet() {
        return switch (this) {
            case Unconfirmed(var _, var answered) -> answered.isEmpty();
            case Lingering _ -> true;
            default -> false;
        };
    }

    /// For people and JSON: `none`, `asked`, `unconfirmed`, `holding`, `lingering`, `released`.
    default String label() {
        return switch (this) {
            case Serving() -> "none";
            case Asked(var _) -> "asked";
            case Unconfirmed(var _, var _) -> "unconfirmed";
            case Holding(var _, var _) -> "holding";
            case Lingering(var _, var _, var _, var _) -> "lingering";
            case Released(var _, var _, var _, var _, var _) -> "released";
        };
    }
}
