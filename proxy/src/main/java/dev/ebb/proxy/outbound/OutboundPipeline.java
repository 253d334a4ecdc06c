package dev.ebb.proxy.outbound;

import dev.ebb.proxy.balance.Endpoint;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.detect.DetectHandler;
import dev.ebb.proxy.detect.Detected;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.Upload;
import dev.ebb.proxy.http1.Http1ClientPipeline;
import dev.ebb.proxy.http1.Http1Limits;
import dev.ebb.proxy.http1.Http1ServerPipeline;
import dev.ebb.proxy.metrics.ConnectionMetrics;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.metrics.Peer;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.metrics.RequestMetrics;
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.transport.ConnectionCountHandler;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.PoolLimits;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole way of an outbound connection: its methods stand in the order in which bytes meet what
/// they add. The way of each request on it is [OutboundRequest]. Thread-safe.
public final class OutboundPipeline {

    private final OutboundSettings settings;
    private final OutboundSurroundings around;
    private final Http1ClientPipeline http1Client = new Http1ClientPipeline(Http1Limits.DEFAULTS);
    private final ConnectionMetrics downstream;
    private final ConnectionMetrics upstream;
    private final RequestMetrics unknown;
    private final LocalView view;
    private final long heads;
    private final long held;
    private final PerLoop<Loop> loops;

    /// @param ticks each loop's clock
    /// @param drains each loop's share in the drain of outbound connections
    /// @param dialers never connect to one of this process's listeners but the inbound one: an
    ///   instance may be its own client
    public OutboundPipeline(
            OutboundSettings settings,
            PerLoop<LoopTick> ticks,
            PerLoop<LoopDrain> drains,
            PerLoop<Dialer> dialers,
            OutboundSurroundings around) {
        this.settings = settings;
        this.around = around;
        ProxyMetrics metrics = around.metrics();
        downstream = metrics.connections(Direction.OUTBOUND, Peer.SOURCE);
        upstream = metrics.connections(Direction.OUTBOUND, Peer.DESTINATION);
        unknown = metrics.requests(Direction.OUTBOUND, "unknown");
        view = new LocalView(settings.uid(), around.ownListeners());
        heads = Http1Limits.heads(ticks.entries().size());
        held = Upload.held(ticks.entries().size());
        loops = ticks.map((loop, tick) -> loop(loop, tick, drains.of(loop), dialers.of(loop)));
    }

    private Loop loop(EventLoop loop, LoopTick tick, LoopDrain drain, Dialer dialer) {
        Destinations destinations =
                new Destinations(
                        tick,
                        target -> resolve(target, loop, tick, dialer),
                        target -> asItIs(target, tick, dialer));
        return new Loop(
                new OutboundLoop(
                        settings,
                        tick,
                        new Budget(held),
                        destinations,
                        around.ownListeners(),
                        around.metrics(),
                        around.accessLog()),
                drain,
                new Http1ServerPipeline(settings.http1(), tick, drain, heads, this::refused));
    }

    private void refused(RefusedRequest request) {
        around.metrics().error(Direction.OUTBOUND, request.reason());
        around.accessLog().refused("outbound", request);
    }

    /// What every accepted connection begins with.
    public ChannelHandler accepted() {
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                accept(channel, loops.of(channel.eventLoop()));
            }
        };
    }

    /// What every connection begins with that is accepted by a listener for one destination.
    ///
    /// @param destination `host:port`, as discovery writes it
    /// @throws IllegalArgumentException if it is not
    public ChannelHandler acceptedFor(String destination) {
        DestinationName name =
                DestinationName.parse(destination)
                        .orElseThrow(() ->
                                new IllegalArgumentException(
                                        destination + " (expected: host:port)"));
        return new ChannelInitializer<Channel>() {
            @Override
            protected void initChannel(Channel channel) {
                acceptFor(channel, loops.of(channel.eventLoop()), Target.named(name));
            }
        };
    }

    private void accept(Channel channel, Loop loop) {
        // Nearest to the socket, so that it sees what the peer sees.
        channel.pipeline().addLast("count", new ConnectionCountHandler(downstream));
        InetSocketAddress original = around.original().of(channel);
        if (original == null) {
            // It was sent here on purpose, and only HTTP tells what for.
            http1(channel, loop, null);
        } else {
            redirected(channel, loop, original);
        }
    }

    private void redirected(Channel channel, Loop loop, InetSocketAddress original) {
        Asked asked = Asked.of(original, around.ownListeners());
        if (settings.opaquePorts().contains(original.getPort())) {
            opaque(channel, loop, asked);
        } else {
            detect(channel, loop, asked);
        }
    }

    private void detect(Channel channel, Loop loop, Asked asked) {
        DetectHandler detect =
                new DetectHandler(
                        around.detectLimit(),
                        loop.requests().tick(),
                        loop.drain(),
                        detected -> dispatch(detected, channel, loop, asked),
                        () -> {});
        channel.pipeline().addLast("detect", detect);
    }

    private void dispatch(Detected detected, Channel channel, Loop loop, Asked asked) {
        switch (detected) {
            case Detected.Http1() -> http1(channel, loop, asked);
            case Detected.Opaque(_) -> opaque(channel, loop, asked);
        }
    }

    private static void http1(Channel channel, Loop loop, @Nullable Asked redirected) {
        loop.http1()
                .addTo(
                        channel.pipeline(),
                        new OutboundConnection(
                                loop.requests(), channel.remoteAddress(), redirected));
    }

    private void opaque(Channel channel, Loop loop, Asked asked) {
        switch (asked) {
            case Asked.Wanted(Target target) -> opaque(channel, loop, target);
            case Asked.OwnListener _, Asked.Nothing _ -> {
                var _ = channel.close();
            }
        }
    }

    private void acceptFor(Channel channel, Loop loop, Target target) {
        channel.pipeline().addLast("count", new ConnectionCountHandler(downstream));
        opaque(channel, loop, target);
    }

    private void opaque(Channel channel, Loop loop, Target target) {
        OutboundOpaque opaque =
                new OutboundOpaque(
                        loop.requests(),
                        loop.drain(),
                        target,
                        channel.remoteAddress(),
                        this::opaqueEndpoint);
        channel.pipeline().addLast("opaque", opaque.downstream());
        opaque.start();
    }

    /// Where each opaque connection to an endpoint gets its handlers.
    private void opaqueEndpoint(Channel channel, ChannelHandler relay) {
        channel.pipeline().addLast("count", new ConnectionCountHandler(upstream));
        channel.pipeline().addLast("opaque", relay);
    }

    /// Where each HTTP connection to an endpoint gets its handlers.
    private ClientConnection endpoint(Channel channel, ClientConnection.Owner owner) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("count", new ConnectionCountHandler(upstream));
        return http1Client.addTo(pipeline, owner);
    }

    private Destination resolve(Target target, EventLoop loop, LoopTick tick, Dialer dialer) {
        Destination destination = destination(target, tick, dialer);
        Resolver resolver = around.resolver();
        destination.start(
                resolver.resolve(target.name().toString(), loop, destination),
                resolver.isConnected() ? Patience.FIRST_WORD : Patience.FIRST_WORD_WHILE_AWAY);
        return destination;
    }

    private Destination asItIs(Target target, LoopTick tick, Dialer dialer) {
        Destination destination = destination(target, tick, dialer);
        destination.asItIs();
        return destination;
    }

    private Destination destination(Target target, LoopTick tick, Dialer dialer) {
        return new Destination(
                target,
                tick,
                view,
                endpoint -> pool(endpoint, tick, dialer),
                () -> around.metrics().requests(Direction.OUTBOUND, target.name().toString()),
                unknown);
    }

    private EndpointPool pool(Endpoint endpoint, LoopTick tick, Dialer dialer) {
        // Only a proxy leaves it to this side to close idle connections.
        PoolLimits limits = endpoint.meshed() ? settings.limits() : PoolLimits.towardsApplication();
        return new EndpointPool(endpoint.address(), dialer, this::endpoint, tick, limits);
    }

    /// Ends the use of every destination; connections close when their requests have ended.
    public void close() {
        for (Map.Entry<EventLoop, Loop> each : loops.entries()) {
            each.getKey().execute(() -> each.getValue().requests().destinations().close());
        }
    }

    /// What belongs to one event loop.
    private record Loop(OutboundLoop requests, LoopDrain drain, Http1ServerPipeline http1) {}
}
