package dev.ebb.admin;

import java.util.concurrent.CompletionStage;

/// What `/departure` asks. Called on any thread.
///
/// A stage must complete before the budget of the departure ends, and with an answer: the caller is
/// a kubelet, and its hook ends with 200 whatever has happened. Callers that wait for the same
/// departure get the same stage.
public interface DepartureEndpoint {

    /// `GET`: completes at once if no departure is under way, else when it is over.
    CompletionStage<DepartureAnswer> ask();

    /// `POST` from loopback: starts a departure unless one is under way; completes when it is over.
    CompletionStage<DepartureAnswer> start();
}
