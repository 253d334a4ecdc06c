/// Proves the promises from outside, on a real cluster; no code yet: it comes with the kind
/// cluster.
@NullMarked
package dev.ebb.e2e;

import org.jspecify.annotations.NullMarked;
