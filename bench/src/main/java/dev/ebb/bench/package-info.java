/// Measures Ebb's proxy and its peers side by side, in one run and interleaved. Start at: Main.
@NullMarked
package dev.ebb.bench;

import org.jspecify.annotations.NullMarked;
