/// Process phases, readiness latches, POSIX signals, exit codes and the version. Start at:
/// Lifecycle.
@NullMarked
package dev.ebb.lifecycle;

import org.jspecify.annotations.NullMarked;
