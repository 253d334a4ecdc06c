/// The SLF4J provider of every Ebb process: lines or JSON on stderr. Start at: Logging. Why a
/// provider of our own: docs/decisions/0002-logging.md.
@NullMarked
package dev.ebb.logging;

import org.jspecify.annotations.NullMarked;
