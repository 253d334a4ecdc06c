/// A pod without a cluster: network namespaces, the real rules, the real proxy, real peers. Start
/// at: RedirectionIT.
@NullMarked
package dev.ebb.proxy.redirection;

import org.jspecify.annotations.NullMarked;
