/// Picks an endpoint by power of two choices and peak EWMA; pure. Start at: EndpointSet.
@NullMarked
package dev.ebb.proxy.balance;

import org.jspecify.annotations.NullMarked;
