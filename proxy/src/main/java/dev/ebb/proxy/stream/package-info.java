/// The small interface between the two legs of a request: head, data, trailers, reset, with flow
/// control in both directions. Protocol adapters stand at its ends; the way of a request is written
/// against it. Start at: ServerStream, ClientStream.
@NullMarked
package dev.ebb.proxy.stream;

import org.jspecify.annotations.NullMarked;
