package dev.ebb.controlplane.index;

import dev.ebb.controlplane.model.Update;

/// The other end of a connection. The index calls it on its writer's thread only, and pushes only
/// as much as is taken: what is not ready gets the newest state once it is.
public interface Subscriber {

    /// Whether another update would leave soon. When this turns true again after it was false, the
    /// owner MUST call [Index#ready].
    boolean isReady();

    /// Sends an update. Called only while ready.
    void send(Update update);

    /// Ends the connection; the index has forgotten it already.
    void close(CloseReason reason);

    /// Why the index ends a connection.
    enum CloseReason {
        /// A newer stream of the same instance took its place.
        TAKEN_OVER,
        /// The control plane is going away.
        SHUTTING_DOWN
    }
}
