/// Watches whether the local application has opened its port, and whether it has gone. Start at:
/// ApplicationWatch.
@NullMarked
package dev.ebb.proxy.application;

import org.jspecify.annotations.NullMarked;
