package dev.ebb.proxy.departure;

/// Hears what a departure comes to. Called on the control loop.
public interface DepartureListener {

    /// The state has changed.
    void changed(DepartureState state);

    /// The local application has accepted a connection for the first time, or there is none.
    void applicationOpen();

    /// The application has terminated for good.
    void applicationGone();

    /// The control plane has seen that the application has terminated for good, perhaps without a
    /// departure, as a Job's does. May be told more than once.
    void applicationToldGone();
}
