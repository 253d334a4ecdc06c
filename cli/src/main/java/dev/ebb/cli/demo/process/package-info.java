/// The demo's child processes: started, watched, and never left behind. Start at: Children.
@NullMarked
package dev.ebb.cli.demo.process;

import org.jspecify.annotations.NullMarked;
