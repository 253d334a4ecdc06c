package dev.ebb.proxy.inbound;

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
import dev.ebb.proxy.stream.Budget;
import dev.ebb.proxy.stream.ClientConnection;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.stream.RefusedRequest;
import dev.ebb.proxy.transport.ConnectionCountHandler;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.upstream.Dialer;
import dev.ebb.proxy.upstream.EndpointPool;
import dev.ebb.proxy.upstream.KeptWhileUsed;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;

/// The whole way of an inbound connection: its methods stand in the order in which bytes meet what
/// they add. The way of each request on it is [InboundRequest]. Thread-safe.
public final class InboundPipeline {

    /// Addresses of the application, by event loop. Clients choose the port.
    private static final int MAX_APPLICATIONS = 1_024;

    private static final Duration UNUSED_TIME = Duration.ofSeconds(5);

    private final InboundSettings settings;
    private final InboundSurroundings around;
    private final Http1ClientPipeline http1Client = new Http1ClientPipeline(Http1Limits.DEFAULTS);
    private final ConnectionMetrics downstream;
    private final ConnectionMetrics upstream;
    private final long heads;
    private final long held;
    private final PerLoop<Loop> loops;

    /// @param ticks each loop's clock
    /// @param drains each loop's share in the drain of inbound connections
    /// @param dialers never connect to one of this process's listeners
    public InboundPipeline(
            InboundSettings settings,
            PerLoop<LoopTick> ticks,
            PerLoop<LoopDrain> drains,
            PerLoop<Dialer> dialers,
            InboundSurroundings around) {
        this.settings = settings;
        this.around = around;
        ProxyMetrics metrics = around.metrics();
        downstream = metrics.connections(Direction.INBOUND, Peer.SOURCE);
        upstream = metrics.connections(Direction.INBOUND, Peer.DESTINATION);
        heads = Http1Limits.heads(ticks.entries().size());
        held = Upload.held(ticks.entries().size());
        loops = ticks.map((loop, tick) -> loop(tick, drains.of(loop), dialers.of(loop)));
    }

    private Loop loop(LoopTick tick, LoopDrain drain, Dialer dialer) {
        ProxyMetrics metrics = around.metrics();
        KeptWhileUsed<InetSocketAddress, Application> applications =
                new KeptWhileUsed<>(
                        tick,
                        MAX_APPLICATIONS,
                        UNUSED_TIME,
                        address -> application(address, tick, dialer));
        drain.countUndelivered(
                () -> applications.values().stream().mapToInt(each -> each.pool().waiting()).sum());
        return new Loop(
                new InboundLoop(
                        settings.uid(),
                        tick,
                        new Budget(held),
                        around.leaving(),
                        around.ledger(),
                        metrics,
                        metrics.requests(Direction.INBOUND, "application"),
                        around.accessLog()),
                drain,
                new Http1ServerPipeline(settings.http1(), tick, drain, heads, this::refused),
                applications);
    }

    private void refused(RefusedRequest request) {
        around.metrics().error(Direction.INBOUND, request.reason());
        around.accessLog().refused("inbound", request);
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

    private void accept(Channel channel, Loop loop) {
        InetSocketAddress wanted = around.application().of(channel);
        if (wanted == null) {
            // There is no application behind this proxy.
            var _ = channel.close();
            return;
        }
        // Nearest to the socket, so that it sees what the peer sees.
        channel.pipeline().addLast("count", new ConnectionCountHandler(downstream));
        Application application = loop.applications().enter(wanted);
        if (application == null) {
            var _ = channel.close();
            return;
        }
        channel.closeFuture().addListener(_ -> application.users().leave());
        enter(channel, loop, wanted, application.pool());
    }

    private void enter(
            Channel channel, Loop loop, InetSocketAddress wanted, EndpointPool application) {
        if (settings.opaquePorts().contains(wanted.getPort())) {
            opaque(channel, loop, application);
        } else {
            detect(channel, loop, application);
        }
    }

    private void detect(Channel channel, Loop loop, EndpointPool application) {
        DetectHandler detect =
                new DetectHandler(
                        around.detectLimit(),
                        loop.requests().tick(),
                        loop.drain(),
                        detected -> dispatch(detected, channel, loop, application),
                        () -> {});
        channel.pipeline().addLast("detect", detect);
    }

    private void dispatch(Detected detected, Channel channel, Loop loop, EndpointPool application) {
        switch (detected) {
            case Detected.Http1() -> http1(channel, loop, application);
            case Detected.Opaque(_) -> opaque(channel, loop, application);
        }
    }

    private static void http1(Channel channel, Loop loop, EndpointPool application) {
        loop.http1()
                .addTo(
                        channel.pipeline(),
                        new InboundConnection(
                                loop.requests(), application, channel.remoteAddress()));
    }

    private void opaque(Channel channel, Loop loop, EndpointPool application) {
        InboundOpaque opaque =
                new InboundOpaque(
                        loop.requests(),
                        loop.drain(),
                        application,
                        channel.remoteAddress(),
                        this::opaqueApplication);
        channel.pipeline().addLast("opaque", opaque.downstream());
        opaque.connect();
    }

    /// Where each opaque connection to the application gets its handlers.
    private void opaqueApplication(Channel channel, ChannelHandler relay) {
        channel.pipeline().addLast("count", new ConnectionCountHandler(upstream));
        channel.pipeline().addLast("opaque", relay);
    }

    /// Where each HTTP connection to the application gets its handlers.
    private ClientConnection application(Channel channel, ClientConnection.Owner owner) {
        ChannelPipeline pipeline = channel.pipeline();
        pipeline.addLast("count", new ConnectionCountHandler(upstream));
        return http1Client.addTo(pipeline, owner);
    }

    private Application application(InetSocketAddress address, LoopTick tick, Dialer dialer) {
        return new Application(
                new EndpointPool(address, dialer, this::application, tick, settings.limits()),
                new KeptWhileUsed.Users(tick));
    }

    /// Closes the connections to the application, each when its request has ended.
    public void close() {
        for (Map.Entry<EventLoop, Loop> each : loops.entries()) {
            each.getKey().execute(() -> each.getValue().applications().close());
        }
    }

    /// What belongs to one event loop.
    ///
    /// @param applications by address; without redirection there is one
    private record Loop(
            InboundLoop requests,
            LoopDrain drain,
            Http1ServerPipeline http1,
            KeptWhileUsed<InetSocketAddress, Application> applications) {}
}
