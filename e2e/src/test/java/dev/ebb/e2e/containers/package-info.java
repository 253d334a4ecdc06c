/// The images as plain containers, without Kubernetes: what a test of them needs. Start at:
/// Containers.
@NullMarked
package dev.ebb.e2e.containers;

import org.jspecify.annotations.NullMarked;
