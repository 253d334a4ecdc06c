/// Traffic from the local application to the mesh; OutboundRequest is its whole way. Start at:
/// OutboundPipeline.
@NullMarked
package dev.ebb.proxy.outbound;

import org.jspecify.annotations.NullMarked;
