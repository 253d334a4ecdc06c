package dev.ebb.proxy.drain;

/// A connection that takes part in the drain of its event loop; it is called there.
public interface Drainable {

    /// The drain has begun: finish what is under way, take nothing new that can be left, and hold a
    /// lease ([LoopDrain#hold]) for what must be waited for. Called once, and after everything that
    /// had arrived when the drain began has been read.
    void drain();

    /// The grace has ended: end now, in a way that the peer sees as cut and never as complete.
    void cut();

    /// Whether a request of an Ebb client may be on its way on this connection. Such a client
    /// closes what it no longer uses, so a connection that it leaves open and idle is about to
    /// bring a request, or its end. One that has brought nothing yet may be such a client's: its
    /// first request can have been there before the loop has read it.
    default boolean mayBringRequest() {
        return false;
    }
}
