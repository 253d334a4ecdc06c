package dev.ebb.proxy.transport;

/// Which socket transport to use.
public enum TransportKind {
    /// epoll where it works, else NIO.
    AUTO,
    /// Linux's own; fails where it does not work.
    EPOLL,
    /// The JDK's.
    NIO
}
