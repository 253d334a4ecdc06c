package dev.ebb.proxy.inbound;

import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.AccessLogEntry;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.http.Termination;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.opaque.OpaqueEnd;
import dev.ebb.proxy.opaque.OpaqueRelay;
import dev.ebb.proxy.upstream.AcquireFailure;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.EndpointPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.SocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The way of one opaque connection from the mesh to the local application: connect, relay, tell
/// the ledger. Lives on the downstream connection's event loop.
final class InboundOpaque implements Dialer.Listener {

    private final InboundLoop loop;
    private final EndpointPool application;
    private final @Nullable SocketAddress client;
    private final BiConsumer<Channel, ChannelHandler> compose;
    private final OpaqueRelay relay;
    private final long startedAt;
    private Dialer.@Nullable Dial dial;

    /// @param compose puts the relay's handler onto the connection to the application
    InboundOpaque(
            InboundLoop loop,
            LoopDrain drain,
            EndpointPool application,
            @Nullable SocketAddress client,
            BiConsumer<Channel, ChannelHandler> compose) {
        this.loop = loop;
        this.application = application;
        this.client = client;
        this.compose = compose;
        relay = new OpaqueRelay(drain, this::ended);
        startedAt = loop.tick().now();
    }

    /// The last handler of the downstream pipeline.
    ChannelHandler downstream() {
        return relay.downstream();
    }

    void connect() {
        loop.ledger().accepted(InboundLedger.Client.OUTSIDE);
        dial = application.dial(this);
    }

    @Override
    public void connected(Channel channel) {
        compose.accept(channel, relay.upstream());
    }

    @Override
    public void failed(AcquireFailure failure) {
        loop.logError(new ProxyError.ConnectFailed(failure.detail()));
        relay.refuse();
    }

    private void ended(OpaqueEnd end) {
        if (dial != null) {
            dial.cancel();
        }
        switch (end.kind()) {
            case ENDED -> loop.ledger().answered();
            case DOWNSTREAM_RESET -> loop.ledger().abandoned();
            case UPSTREAM_RESET -> loop.ledger().lost("upstream_reset");
            case CUT -> loop.ledger().cut();
            case REFUSED -> {
                loop.metrics().error(Direction.INBOUND, "connect_failed");
                loop.ledger().lost("connect_failed");
            }
        }
        if (loop.accessLog().isOn()) {
            loop.accessLog().add(entry(end));
        }
    }

    private AccessLogEntry entry(OpaqueEnd end) {
        return new AccessLogEntry(
                System.currentTimeMillis(),
                "inbound",
                client,
                application.address(),
                AccessLogEntry.OPAQUE_METHOD,
                "",
                "",
                0,
                loop.tick().now() - startedAt,
                end.sent(),
                end.received(),
                1,
                termination(end.kind()));
    }

    private static Termination termination(OpaqueEnd.Kind kind) {
        return switch (kind) {
            case ENDED -> Termination.COMPLETE;
            case DOWNSTREAM_RESET -> Termination.DOWNSTREAM_GONE;
            case UPSTREAM_RESET -> Termination.UPSTREAM_RESET;
            case CUT -> Termination.CUT;
            case REFUSED -> Termination.CONNECT_FAILED;
        };
    }
}
