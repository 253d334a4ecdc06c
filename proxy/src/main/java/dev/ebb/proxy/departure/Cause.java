package dev.ebb.proxy.departure;

/// How a departure began.
public enum Cause {
    /// This process got TERM or INT.
    TERM,
    /// Something on this host asked for a hold.
    HOLD,
    /// A hook asked, and the control plane knew of a departure.
    HOOK,
    /// The control plane told unasked that the cluster deletes this instance.
    DELETED,
    /// `POST /shutdown`: the application has gone.
    SHUTDOWN
}
