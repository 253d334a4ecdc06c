/// What the control plane knows, as immutable values that validate themselves; pure. Start at:
/// EndpointSet.
@NullMarked
package dev.ebb.controlplane.model;

import org.jspecify.annotations.NullMarked;
