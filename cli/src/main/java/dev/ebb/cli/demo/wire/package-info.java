/// HTTP/1.1 as the demo's web service and its raw client speak it: the least that is correct, and
/// none of the code that is on trial. Start at: MessageReader.
@NullMarked
package dev.ebb.cli.demo.wire;

import org.jspecify.annotations.NullMarked;
