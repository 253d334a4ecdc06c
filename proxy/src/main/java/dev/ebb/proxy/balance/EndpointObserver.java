package dev.ebb.proxy.balance;

/// One event loop's use of one destination's endpoints.
public interface EndpointObserver {

    /// Applies a state on the observer's own event loop and returns once it *is* applied: endpoints
    /// that are not ready are not pickable, nothing is queued for them or connecting to them, and
    /// their idle connections are closed. Says whether leaving endpoints remain in use because
    /// nothing is ready.
    Applied apply(EndpointSet endpoints);

    /// What applying a state came to.
    enum Applied {
        /// Only ready endpoints are picked.
        NORMAL,
        /// Nothing is ready: leaving endpoints are picked.
        LAST_RESORT
    }
}
