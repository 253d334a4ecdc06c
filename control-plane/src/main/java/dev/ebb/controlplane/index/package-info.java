/// The control plane's whole state: destinations, subscriptions, leases and departures; one writer,
/// no threads, no sockets. Start at: Index.
@NullMarked
package dev.ebb.controlplane.index;

import org.jspecify.annotations.NullMarked;
