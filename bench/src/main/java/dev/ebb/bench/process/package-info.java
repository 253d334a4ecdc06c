/// Child processes, and what the kernel tells of them and of the machine. Start at: Children.
@NullMarked
package dev.ebb.bench.process;

import org.jspecify.annotations.NullMarked;
