/// Composes the configuration records that the other packages own from the environment. Start at:
/// ProxyConfig.
@NullMarked
package dev.ebb.proxy.config;

import org.jspecify.annotations.NullMarked;
