/// Makes one client proxy slow to learn, without a knob in the proxy. Start at: SlowRelay.
@NullMarked
package dev.ebb.cli.demo.relay;

import org.jspecify.annotations.NullMarked;
