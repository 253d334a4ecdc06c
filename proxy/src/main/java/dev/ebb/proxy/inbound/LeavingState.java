package dev.ebb.proxy.inbound;

/// How far the departure of this instance has come, as far as inbound requests care.
public sealed interface LeavingState {

    /// No departure: requests are served.
    record Serving() implements LeavingState {}

    /// The application is not told yet, or a departure is suspected: requests are served, and
    /// clients are told to move over.
    ///
    /// @param uid this instance
    record Leaving(String uid) implements LeavingState {}

    /// The application may be told at any moment, since no counted client picks this instance any
    /// more: what still comes and can be sent elsewhere is handed back.
    ///
    /// @param uid this instance
    record Released(String uid) implements LeavingState {}
}
