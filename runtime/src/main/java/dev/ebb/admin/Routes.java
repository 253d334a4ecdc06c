package dev.ebb.admin;

import dev.ebb.lifecycle.Lifecycle;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What stands behind the paths of the admin server.
///
/// @param shutdown null if it is switched off
/// @param departure null if this process does not depart, as the control plane does not
/// @param config the effective configuration, without secrets
public record Routes(
        Lifecycle lifecycle,
        MetricsWriter metrics,
        @Nullable ShutdownTrigger shutdown,
        @Nullable DepartureEndpoint departure,
        Supplier<? extends Map<String, ?>> config) {}
