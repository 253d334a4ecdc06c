/// Relays bytes between two channels with half-close and back-pressure. Start at: OpaqueRelay.
@NullMarked
package dev.ebb.proxy.opaque;

import org.jspecify.annotations.NullMarked;
