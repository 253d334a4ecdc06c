/// The raw client: sends each request once, on sockets of its own, and says what came back. Start
/// at: Load.
@NullMarked
package dev.ebb.cli.demo.load;

import org.jspecify.annotations.NullMarked;
