/// Streams over gRPC: messages to index calls, index updates to messages, limits on what peers can
/// grow. Start at: ProxyStream.
@NullMarked
package dev.ebb.controlplane.grpc;

import org.jspecify.annotations.NullMarked;
