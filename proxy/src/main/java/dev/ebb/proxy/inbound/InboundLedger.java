package dev.ebb.proxy.inbound;

/// Counts what becomes of inbound requests and opaque connections: each that is accepted ends in
/// exactly one of the other calls. Called on event loops, from several of them at once.
public interface InboundLedger {

    /// A request or an opaque connection has come.
    void accepted(Client client);

    /// A complete response was written, whatever its status, or both halves of an opaque connection
    /// have ended.
    void answered();

    /// Answered *not delivered*: the client's proxy sends it elsewhere.
    void handedBack();

    /// The client went away first.
    void abandoned();

    /// Cut at the end of the grace.
    void cut();

    /// The client got an error of the proxy's making, a truncated response, or the application's
    /// reset of an opaque connection.
    ///
    /// @param reason what `ebb-proxy-error` says
    void lost(String reason);

    /// Counts nothing.
    InboundLedger NONE =
            new InboundLedger() {
                @Override
                public void accepted(Client client) {}

                @Override
                public void answered() {}

                @Override
                public void handedBack() {}

                @Override
                public void abandoned() {}

                @Override
                public void cut() {}

                @Override
                public void lost(String reason) {}
            };

    /// Who sent it.
    enum Client {
        /// Another Ebb proxy, which learns of departures from the control plane.
        EBB,
        /// Somebody else, for whom a departing instance waits until it is quiet.
        OUTSIDE,
        /// A probe of the kubelet, which is not traffic and not counted.
        PROBE
    }
}
