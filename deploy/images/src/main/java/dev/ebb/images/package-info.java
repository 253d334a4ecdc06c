/// Runs a program of an image once, with traffic, so that it writes its ahead-of-time cache. Start
/// at: Main.
@NullMarked
package dev.ebb.images;

import org.jspecify.annotations.NullMarked;
