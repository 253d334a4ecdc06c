/// What the index asks of a cluster, without knowing which; pure. Start at: Cluster.
@NullMarked
package dev.ebb.controlplane.cluster;

import org.jspecify.annotations.NullMarked;
