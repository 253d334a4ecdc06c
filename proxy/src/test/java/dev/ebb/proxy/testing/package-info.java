/// An in-process mesh on loopback: origins, proxies, a control plane, faults, a client that never
/// re-sends. Start at: TestControlPlane.
@NullMarked
package dev.ebb.proxy.testing;

import org.jspecify.annotations.NullMarked;
