/// What the demo measured: written to files first, judged from the files only, so that anyone can
/// judge again. Start at: Evidence, then Judge.
@NullMarked
package dev.ebb.cli.demo.report;

import org.jspecify.annotations.NullMarked;
