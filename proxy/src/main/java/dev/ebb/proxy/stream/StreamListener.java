package dev.ebb.proxy.stream;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaders;

/// Hears what one leg of a stream receives, after its head: `data* (end | reset)`, and [#writable]
/// at any time.
///
/// Called on the leg's event loop. After [#end] or [#reset] nothing more arrives but [#writable],
/// and after a complete incoming message still possibly [#reset] while the outgoing one is not
/// complete (the peer went away).
///
/// A final head of 101, or of 2xx to a CONNECT, opens both directions anew: raw bytes follow as
/// `data* (end | reset)` also on the side that was ended before, and `end` is a half-close.
public interface StreamListener {

    /// A piece of the body, or raw bytes after a 101 or CONNECT. Passes ownership of `data`.
    void data(ByteBuf data);

    /// The incoming message is complete. `trailers` may be empty.
    void end(HttpHeaders trailers);

    /// The peer cannot go on: the incoming message is cut, or nobody waits for the outgoing one any
    /// more.
    void reset(StreamReset reset);

    /// The leg can take more [StreamWriter#data].
    void writable();
}
