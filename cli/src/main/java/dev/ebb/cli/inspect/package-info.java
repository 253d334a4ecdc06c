/// Asks a control plane what it knows; changes nothing there. Start at: InspectClient.
@NullMarked
package dev.ebb.cli.inspect;

import org.jspecify.annotations.NullMarked;
