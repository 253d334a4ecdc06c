/// The data plane's composition root. Start at: Proxy.
@NullMarked
package dev.ebb.proxy;

import org.jspecify.annotations.NullMarked;
