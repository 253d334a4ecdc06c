/// Waits for the proxy, runs a command, ends the proxy when the command ends. Start at: Main.
@NullMarked
package dev.ebb.await;

import org.jspecify.annotations.NullMarked;
