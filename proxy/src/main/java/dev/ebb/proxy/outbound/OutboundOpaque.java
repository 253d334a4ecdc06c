package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Member;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.AccessLogEntry;
import dev.ebb.proxy.http.ErrorResponses;
import dev.ebb.proxy.http.ProxyError;
import dev.ebb.proxy.http.Termination;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.opaque.OpaqueEnd;
import dev.ebb.proxy.opaque.OpaqueRelay;
import dev.ebb.proxy.outbound.Resending.Proof;
import dev.ebb.proxy.upstream.AcquireFailure;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.EndpointPool;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// The way of one opaque connection from the local application to the mesh: find the destination,
/// pick an endpoint, connect, relay. Until a connection stands nothing was sent, so another
/// endpoint is tried if there is none. Lives on the downstream connection's event loop.
final class OutboundOpaque implements Route.Traveller {

    private final OutboundLoop loop;
    private final Target target;
    private final @Nullable SocketAddress client;
    private final BiConsumer<Channel, ChannelHandler> compose;
    private final OpaqueRelay relay;
    private final Resending resending;
    private final Route route;
    private final long startedAt;

    private @Nullable Attempt attempt;
    private @Nullable Termination failure;

    /// @param compose puts the relay's handler onto the connection to the endpoint
    OutboundOpaque(
            OutboundLoop loop,
            LoopDrain drain,
            Target target,
            @Nullable SocketAddress client,
            BiConsumer<Channel, ChannelHandler> compose) {
        this.loop = loop;
        this.target = target;
        this.client = client;
        this.compose = compose;
        relay = new OpaqueRelay(drain, this::ended);
        resending = new Resending(loop.settings().resend());
        route = new Route(loop, resending, this);
        startedAt = loop.tick().now();
    }

    /// The last handler of the downstream pipeline.
    ChannelHandler downstream() {
        return relay.downstream();
    }

    void start() {
        route.begin(target);
    }

    @Override
    public void tryAt(Destination to, Member<EndpointPool> member) {
        attempt = new Attempt(to, member);
        attempt.start();
    }

    /// The connection to one endpoint.
    private final class Attempt implements Dialer.Listener {

        private final Destination to;
        private final Member<EndpointPool> member;
        private final long dialledAt = loop.tick().now();
        private Dialer.@Nullable Dial dial;

        Attempt(Destination to, Member<EndpointPool> member) {
            this.to = to;
            this.member = member;
        }

        void start() {
            member.load().started();
            dial = member.pool().dial(this);
        }

        @Override
        public void connected(Channel channel) {
            long now = loop.tick().now();
            member.load().responded(now - dialledAt, now);
            compose.accept(channel, relay.upstream());
        }

        @Override
        public void failed(AcquireFailure failure) {
            over();
            switch (failure.reason()) {
                case VACATED -> route.next();
                case CONNECT_FAILED, CONNECT_TIMEOUT -> {
                    member.load().failed(loop.tick().now());
                    if (resending.isAllowed()
                            && resending.isWorthwhile(Proof.CONNECT_FAILED, member, to)) {
                        loop.metrics().resent(Proof.CONNECT_FAILED.label());
                        resending.failedAt(member, Proof.CONNECT_FAILED);
                        route.next();
                    } else {
                        fail(AcquireErrors.of(failure));
                    }
                }
                case OWN_LISTENER, QUEUE_FULL, QUEUE_TIMEOUT -> fail(AcquireErrors.of(failure));
            }
        }

        void over() {
            attempt = null;
            member.load().ended();
        }

        void cancel() {
            if (dial != null) {
                dial.cancel();
            }
            over();
        }

        InetSocketAddress address() {
            return member.endpoint().address();
        }
    }

    @Override
    public void fail(ProxyError error) {
        ErrorResponses.Answer answer = ErrorResponses.of(error);
        loop.metrics().error(Direction.OUTBOUND, answer.reason());
        loop.logError(error);
        failure = answer.termination();
        relay.refuse();
    }

    private void ended(OpaqueEnd end) {
        SocketAddress endpoint = null;
        if (attempt != null) {
            endpoint = attempt.address();
            attempt.cancel();
        }
        route.end();
        if (loop.accessLog().isOn()) {
            loop.accessLog().add(entry(end, endpoint));
        }
    }

    private AccessLogEntry entry(OpaqueEnd end, @Nullable SocketAddress endpoint) {
        return new AccessLogEntry(
                System.currentTimeMillis(),
                "outbound",
                client,
                endpoint,
                AccessLogEntry.OPAQUE_METHOD,
                target.name().toString(),
                "",
                0,
                loop.tick().now() - startedAt,
                end.sent(),
                end.received(),
                resending.tried().size() + 1,
                failure == null ? termination(end.kind()) : failure);
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
