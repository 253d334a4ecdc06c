/// Side-by-side measurements against peers. Start at: Main.
@NullMarked
package dev.ebb.bench;

import org.jspecify.annotations.NullMarked;
