/// Picks an endpoint by power of two choices and peak EWMA; pure. Start at: Balancer.
@NullMarked
package dev.ebb.proxy.balance;

import org.jspecify.annotations.NullMarked;
