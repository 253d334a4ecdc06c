/// The leaving of this instance: hold, release, the end of the application, and the ledger. Pure
/// but for its driver; knows the control plane only as an interface. Start at: Departure,
/// DepartureCore.
@NullMarked
package dev.ebb.proxy.departure;

import org.jspecify.annotations.NullMarked;
