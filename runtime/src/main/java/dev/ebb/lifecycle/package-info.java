/// Process phases, readiness latches, POSIX signals and exit codes. Start at: Lifecycle.
@NullMarked
package dev.ebb.lifecycle;

import org.jspecify.annotations.NullMarked;
