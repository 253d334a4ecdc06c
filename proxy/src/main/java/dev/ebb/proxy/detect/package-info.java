/// Tells what a downstream connection speaks from its first bytes, within a time limit. Start at:
/// DetectHandler.
@NullMarked
package dev.ebb.proxy.detect;

import org.jspecify.annotations.NullMarked;
