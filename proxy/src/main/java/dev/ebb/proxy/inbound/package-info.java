/// Traffic from the mesh to the local application; InboundRequest is its whole way. Start at:
/// InboundPipeline.
@NullMarked
package dev.ebb.proxy.inbound;

import org.jspecify.annotations.NullMarked;
