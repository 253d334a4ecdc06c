/// What a run tells at its end. Start at: RunSummary.
@NullMarked
package dev.ebb.e2e.report;

import org.jspecify.annotations.NullMarked;
