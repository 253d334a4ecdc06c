package dev.ebb.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// One leg of a stream, as the other leg uses it: write this leg's outgoing message, steer its
/// incoming one.
///
/// All methods are called on the leg's event loop, which is the same for both legs of a request.
/// After [#end] or [#reset] further writes are ignored (and their buffers released), except that a
/// final head of 101, or of 2xx to a CONNECT, opens both directions anew for raw bytes.
///
/// Nothing needs to be flushed: what was written leaves within the same turn of the event loop.
public interface StreamWriter {

    /// Writes a piece of the body; after a 101 or a successful CONNECT, raw bytes. Takes ownership
    /// of `data`.
    void data(ByteBuf data);

    /// Ends the outgoing message; after a 101 or CONNECT, half-closes. `trailers` may be empty.
    void end(HttpHeaders trailers);

    /// Gives the whole stream up, both directions: the peer sees it as cut, never as complete.
    void reset(StreamReset reset);

    /// Whether more [#data] should be written now; a listener's [StreamListener#writable] tells of
    /// a change to true. False after [#reset].
    boolean isWritable();

    /// Stops the delivery of incoming data soon; what was read already may still arrive.
    /// Idempotent.
    void pauseReading();

    /// Takes [#pauseReading] back. Idempotent.
    void resumeReading();
}
