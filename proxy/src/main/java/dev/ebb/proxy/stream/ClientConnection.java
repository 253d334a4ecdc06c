package dev.ebb.proxy.stream;

/// One connection to an endpoint, as the pool of its event loop uses it.
///
/// All methods are called on the connection's event loop.
public interface ClientConnection {

    /// Sends a request; only while [#isAvailable]. A connection that is found closed resets the
    /// listener with [StreamReset.Cause#NOT_SENT], possibly before this method has returned.
    ClientStream open(RequestHead head, ResponseListener listener);

    /// Whether [#open] may be called now.
    boolean isAvailable();

    /// Takes no more requests and closes: at once without an active one, else when that has ended.
    /// Idempotent.
    void close();

    /// Who put the connection into its pool.
    interface Owner {

        /// An exchange has ended in a way that leaves the connection reusable. Not called for a
        /// fresh connection.
        void available(ClientConnection connection);

        /// The connection takes no more requests, or is closed. Called once.
        void unavailable(ClientConnection connection);
    }
}
