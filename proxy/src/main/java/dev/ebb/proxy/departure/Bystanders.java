package dev.ebb.proxy.departure;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// What a departure looks at when it decides.
///
/// @param lastOutside when the last request of a client outside the mesh came; null if never
/// @param connections inbound connections that are open
record Bystanders(@Nullable Duration lastOutside, int connections) {}
