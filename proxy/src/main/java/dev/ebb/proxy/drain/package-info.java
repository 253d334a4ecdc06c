/// How listeners and connections end: what a drain means to them, and how a connection is closed
/// without losing what is under way on it. Start at: LoopDrain.
@NullMarked
package dev.ebb.proxy.drain;

import org.jspecify.annotations.NullMarked;
