/// What a command shows its user: tables, durations, failures. Start at: Table.
@NullMarked
package dev.ebb.cli.terminal;

import org.jspecify.annotations.NullMarked;
