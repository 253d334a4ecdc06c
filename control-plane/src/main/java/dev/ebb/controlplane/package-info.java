/// The control plane's composition root. Start at: ControlPlane.
@NullMarked
package dev.ebb.controlplane;

import org.jspecify.annotations.NullMarked;
