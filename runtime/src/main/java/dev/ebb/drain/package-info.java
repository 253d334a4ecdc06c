/// Stop taking work, then wait for what is held, within a grace. Start at: DrainSignal.
@NullMarked
package dev.ebb.drain;

import org.jspecify.annotations.NullMarked;
