/// The control plane's client: one control stream, turned into endpoint sets that are acknowledged
/// once they are applied, and into what a departure asks and tells. Start at: Discovery.
@NullMarked
package dev.ebb.proxy.discovery;

import org.jspecify.annotations.NullMarked;
