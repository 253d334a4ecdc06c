/// The cluster as tests see it: namespaces with workloads, their logs, the control plane, and what
/// is left of a failure. Start at: Cluster.
@NullMarked
package dev.ebb.e2e.cluster;

import org.jspecify.annotations.NullMarked;
