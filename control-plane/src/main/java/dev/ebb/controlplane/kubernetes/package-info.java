/// Kubernetes as a source: informers to values, values to what the index asks, departures from
/// deletions, identities from tokens; the only package that knows fabric8. Start at:
/// KubernetesSource.
@NullMarked
package dev.ebb.controlplane.kubernetes;

import org.jspecify.annotations.NullMarked;
