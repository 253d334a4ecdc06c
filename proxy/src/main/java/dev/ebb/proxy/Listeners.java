package dev.ebb.proxy;

import dev.ebb.proxy.drain.ListenerDrain;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.ConnectionLimit;
import dev.ebb.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The listeners for traffic, which share a limit of connections. Used by the thread that starts
/// and ends the proxy.
final class Listeners {

    private final Transport transport;
    private final ConnectionLimit limit;
    private final ConnectionLimit.Direction inbound;
    private final ConnectionLimit.Direction outbound;
    private final List<Open> open = new ArrayList<>();

    /// @param maxConnections how many connections they carry at once, altogether
    Listeners(Transport transport, int maxConnections, ProxyMetrics metrics) {
        this.transport = transport;
        limit = new ConnectionLimit(maxConnections);
        inbound = limit.newDirection(() -> metrics.acceptingPaused(Direction.INBOUND));
        outbound = limit.newDirection(() -> metrics.acceptingPaused(Direction.OUTBOUND));
        metrics.connectionLimit(Direction.INBOUND, inbound.most());
        metrics.connectionLimit(Direction.OUTBOUND, outbound.most());
    }

    /// Opens one more.
    void open(Kind kind, InetSocketAddress address, ChannelHandler accepted) throws StartException {
        try {
            Channel listener = transport.bind(address, accepted);
            direction(kind).add(listener);
            open.add(new Open(kind, listener));
        } catch (IOException e) {
            throw StartException.cannotListen(kind.variable, address, e);
        }
    }

    /// Where the listeners of a kind are bound.
    List<InetSocketAddress> addresses(Kind kind) {
        return open.stream()
                .filter(each -> each.kind == kind)
                .map(each -> (InetSocketAddress) each.channel.localAddress())
                .toList();
    }

    /// Closes them once their accept queues have been served.
    CompletionStage<Void> stop() {
        limit.acceptLast();
        return CompletableFuture.allOf(
                open.stream()
                        .map(each -> ListenerDrain.stop(each.channel).toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    /// Closes them at once.
    void close() {
        open.forEach(each -> each.channel.close().awaitUninterruptibly());
    }

    private ConnectionLimit.Direction direction(Kind kind) {
        return switch (kind) {
            case INBOUND -> inbound;
            case OUTBOUND, OPAQUE -> outbound;
        };
    }

    /// What a listener is for.
    enum Kind {
        INBOUND("EBB_PROXY_INBOUND_LISTEN"),
        OUTBOUND("EBB_PROXY_OUTBOUND_LISTEN"),
        OPAQUE("EBB_PROXY_OUTBOUND_OPAQUE");

        private final String variable;

        Kind(String variable) {
            this.variable = variable;
        }
    }

    private record Open(Kind kind, Channel channel) {}
}
