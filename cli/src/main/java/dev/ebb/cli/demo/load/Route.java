package dev.ebb.cli.demo.load;

import java.net.InetSocketAddress;
import java.util.Optional;

/// Where a caller connects to for its next request. Safe for use by several threads.
public interface Route {
    /// Empty when the caller knows of no endpoint.
    Optional<InetSocketAddress> next();

    /// Always the same address: a proxy does the choosing.
    static Route through(InetSocketAddress proxy) {
        return () -> Optional.of(proxy);
    }
}
