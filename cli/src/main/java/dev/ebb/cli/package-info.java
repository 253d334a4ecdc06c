/// The ebb command, one class a subcommand. Start at: Main.
@NullMarked
package dev.ebb.cli;

import org.jspecify.annotations.NullMarked;
