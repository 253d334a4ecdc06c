/// HTTP/1.0 and 1.1 at the two legs of a request: Netty's codecs below, the stream interface above.
/// Start at: Http1ServerPipeline, Http1ClientPipeline.
@NullMarked
package dev.ebb.proxy.http1;

import org.jspecify.annotations.NullMarked;
