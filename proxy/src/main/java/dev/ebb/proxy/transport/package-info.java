/// Sockets: bind, accept, connect, original destination, the choice of epoll or NIO. Start at:
/// Transport.
@NullMarked
package dev.ebb.proxy.transport;

import org.jspecify.annotations.NullMarked;
