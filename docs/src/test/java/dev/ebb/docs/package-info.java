/// Keeps the pages and the rules of the repository true. Start at: Repository.
@NullMarked
package dev.ebb.docs;

import org.jspecify.annotations.NullMarked;
