package dev.ebb.proxy.departure;

import dev.ebb.proxy.departure.ControlAnswer.Deletion;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/// What a departure needs of the control plane. Called on the control loop, never blocks; nothing
/// here fails when the control plane is away.
public interface ControlPlane {

    /// Takes the listener for everything that the control plane says; called once, before anything
    /// else.
    void listen(Listener listener);

    /// Tells that this instance leaves, now and again after every reconnect.
    ///
    /// @param cause [Cause#HOLD], or anything else for TERM
    /// @param grace the time left until the instance is killed
    void announce(Cause cause, Duration grace);

    /// Takes the announcement back.
    void withdraw();

    /// Asks whether there is a departure and whether this instance may go.
    void ask();

    /// Asks no more: who waited has been told. A deletion is heard unasked again.
    void dropQuestion();

    /// Sends the last message. The stage completes when it is recorded, and exceptionally when it
    /// cannot be sent.
    CompletionStage<Void> record(Ledger ledger);

    /// Hears the control plane, on the control loop.
    interface Listener {

        /// An answer to a question, or a change of it.
        void answered(ControlAnswer answer);

        /// The cluster deletes this instance. Nobody has asked; whether it may go is to be asked of
        /// every replica.
        void deleted(Deletion deletion);

        /// The control plane cannot be asked at present.
        void unreachable();

        /// The application has terminated for good, whether there is a departure or not.
        void applicationGone();
    }
}
