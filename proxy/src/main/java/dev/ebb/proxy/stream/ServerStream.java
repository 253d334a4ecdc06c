package dev.ebb.proxy.stream;

/// The downstream leg: where the response goes.
///
/// Order: `informational* head data* end`, or [#reset] at any point.
public interface ServerStream extends StreamWriter {

    /// Writes an interim response (1xx other than 101).
    void informational(ResponseHead head);

    /// Writes the final head. A 101, or a 2xx to a CONNECT, turns both directions into raw bytes.
    void head(ResponseHead head);

    /// Says that the peer is an Ebb proxy. When this instance drains, such a peer is told by the
    /// control plane and closes its idle connections itself, so that none of them is closed under a
    /// request that is on its way.
    void peerIsMeshed();

    /// Asks the peer to use another connection from now on: HTTP/1 says `Connection: close` with
    /// this response and closes after it; if further requests had been read by then, with the
    /// response to the last of these. Called before the final [#head].
    void retireConnection();
}
