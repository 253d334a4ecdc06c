package dev.ebb.proxy;

import dev.ebb.proxy.drain.ListenerDrain;
import dev.ebb.proxy.transport.Transport;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/// The listeners for traffic. Used by the thread that starts and ends the proxy.
final class Listeners {

    private final Transport transport;
    private final List<Open> open = new ArrayList<>();

    Listeners(Transport transport) {
        this.transport = transport;
    }

    /// Opens one more.
    void open(Kind kind, InetSocketAddress address, ChannelHandler accepted) throws StartException {
        try {
            open.add(new Open(kind, transport.bind(address, accepted)));
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
        return CompletableFuture.allOf(
                open.stream()
                        .map(each -> ListenerDrain.stop(each.channel).toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    /// Closes them at once.
    void close() {
        open.forEach(each -> each.channel.close().awaitUninterruptibly());
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
