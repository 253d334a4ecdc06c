/// Renders the rules that send a pod's traffic through its proxy. Start at: Ruleset.
@NullMarked
package dev.ebb.injector.redirect;

import org.jspecify.annotations.NullMarked;
