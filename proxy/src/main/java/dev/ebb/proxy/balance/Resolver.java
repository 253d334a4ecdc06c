package dev.ebb.proxy.balance;

import java.util.concurrent.Executor;

/// Where the endpoints of destinations come from; implemented by discovery, used by the outbound
/// direction.
public interface Resolver {

    /// Starts to feed `observer`: the last known state soon, then every change, each on `loop`. An
    /// applied state is acknowledged to the control plane once every observer of the destination
    /// has applied it. Thread-safe.
    ///
    /// @param destination `host:port` in lower case
    Resolution resolve(String destination, Executor loop, EndpointObserver observer);

    /// Whether a new question is likely to be answered soon. Thread-safe.
    default boolean isConnected() {
        return true;
    }

    /// One observer's use of a destination.
    interface Resolution extends AutoCloseable {
        /// Ends it; the last one of a destination ends the subscription. Thread-safe, idempotent.
        @Override
        void close();
    }
}
