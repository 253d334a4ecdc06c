/// The promises, proved from outside on a real cluster: one class a promise. Start at:
/// RollingUpdateE2E.
@NullMarked
package dev.ebb.e2e;

import org.jspecify.annotations.NullMarked;
