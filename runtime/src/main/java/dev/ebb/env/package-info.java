/// Reads typed values from environment variables and reports every problem at once. Start at: Env.
@NullMarked
package dev.ebb.env;

import org.jspecify.annotations.NullMarked;
