/// The scripts that make the kind cluster, run where something is missing. Start at:
/// [dev.ebb.e2e.kind.ClusterUpTest].
@NullMarked
package dev.ebb.e2e.kind;

import org.jspecify.annotations.NullMarked;
