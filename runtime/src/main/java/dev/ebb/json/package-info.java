/// Writes JSON; nothing here reads it. Start at: JsonText.
@NullMarked
package dev.ebb.json;

import org.jspecify.annotations.NullMarked;
