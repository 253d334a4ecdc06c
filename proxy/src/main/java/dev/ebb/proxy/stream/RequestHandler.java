package dev.ebb.proxy.stream;

/// Takes the requests that a downstream protocol adapter reads.
@FunctionalInterface
public interface RequestHandler {

    /// Starts the way of one request; the returned listener hears the rest of it. Called on the
    /// event loop of the downstream connection, in the order of the requests.
    StreamListener request(RequestHead head, ServerStream stream);
}
