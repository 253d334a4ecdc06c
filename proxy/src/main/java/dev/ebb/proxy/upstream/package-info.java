/// Connections to endpoints: connect, pool, bound. Start at: EndpointPool.
@NullMarked
package dev.ebb.proxy.upstream;

import org.jspecify.annotations.NullMarked;
