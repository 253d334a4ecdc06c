/// The two loads: as much as goes through, and a fixed rate. Start at: Wrk, FixedRate.
@NullMarked
package dev.ebb.bench.load;

import org.jspecify.annotations.NullMarked;
