/// Turns measured windows into figures, ratios, a table and JSON; pure. Start at: Figures.
@NullMarked
package dev.ebb.bench.report;

import org.jspecify.annotations.NullMarked;
