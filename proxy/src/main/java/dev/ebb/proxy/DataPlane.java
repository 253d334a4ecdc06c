package dev.ebb.proxy;

import dev.ebb.drain.DrainWatch;
import dev.ebb.proxy.config.OpaqueListener;
import dev.ebb.proxy.config.ProxyConfig;
import dev.ebb.proxy.drain.LoopDrain;
import dev.ebb.proxy.http.AccessLog;
import dev.ebb.proxy.inbound.InboundPipeline;
import dev.ebb.proxy.inbound.InboundSurroundings;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.outbound.OutboundPipeline;
import dev.ebb.proxy.outbound.OutboundSurroundings;
import dev.ebb.proxy.stream.LoopTick;
import dev.ebb.proxy.transport.OriginalDestination;
import dev.ebb.proxy.transport.OwnListeners;
import dev.ebb.proxy.transport.PerLoop;
import dev.ebb.proxy.transport.Transport;
import dev.ebb.proxy.upstream.SocketDialer;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;

/// The listeners for traffic and what stands behind them on each event loop.
final class DataPlane {

    /// How coarse the clock of an event loop is.
    private static final Duration TICK = Duration.ofMillis(50);

    private final PerLoop<LoopDrain> inboundDrains;
    private final PerLoop<LoopDrain> outboundDrains;
    private final AccessLog accessLog;
    private final InboundPipeline inboundPipeline;
    private final OutboundPipeline outboundPipeline;
    private final Listeners listeners;

    /// What a caller must not ask for: every listener of this proxy.
    private final OwnListeners unaskable;

    /// What must not even be connected to. An inbound listener may be: a pod can be its own client.
    private final OwnListeners unreachable;

    private DataPlane(
            ProxyConfig config,
            Transport transport,
            ControlSide control,
            DrainWatch watch,
            ProxyMetrics metrics)
            throws StartException {
        this.listeners = new Listeners(transport, config.process().maxConnections(), metrics);
        this.unaskable = ownListeners();
        this.unreachable = ownListeners();
        PerLoop<LoopTick> ticks =
                new PerLoop<>(transport.loops(), loop -> new LoopTick(loop, TICK));
        inboundDrains = new PerLoop<>(transport.loops(), loop -> new LoopDrain(loop, watch));
        outboundDrains = new PerLoop<>(transport.loops(), loop -> new LoopDrain(loop, watch));
        accessLog =
                new AccessLog(
                        config.process().accessLog(), new FileOutputStream(FileDescriptor.out));
        metrics.accessLogDropped(accessLog::dropped);
        inboundPipeline =
                new InboundPipeline(
                        config.inbound(),
                        ticks,
                        inboundDrains,
                        SocketDialer.perLoop(
                                transport, ticks, config.inbound().connectTimeout(), unaskable),
                        new InboundSurroundings(
                                inboundDestination(config, transport, control),
                                config.process().detectTimeout(),
                                control::leaving,
                                control.ledger(),
                                metrics,
                                accessLog));
        outboundPipeline =
                new OutboundPipeline(
                        config.outbound(),
                        ticks,
                        outboundDrains,
                        SocketDialer.perLoop(
                                transport, ticks, config.outbound().connectTimeout(), unreachable),
                        new OutboundSurroundings(
                                transport.redirected(),
                                config.process().detectTimeout(),
                                control.resolver(),
                                unaskable,
                                metrics,
                                accessLog));
    }

    /// Where inbound connections go: where they wanted to go, as long as that is an address of this
    /// machine that others may reach (nobody borrows its loopback, or its way to a third party).
    /// What came to the listener itself goes to the configured application; without one it goes
    /// nowhere, since nothing connects to a listener of this proxy.
    private OriginalDestination inboundDestination(
            ProxyConfig config, Transport transport, ControlSide control) {
        return transport
                .redirected()
                .onlyIf(unaskable::isReachableAddress)
                .noting(control::applicationAt)
                .orElse(
                        config.departure()
                                .application()
                                .map(OriginalDestination::fixed)
                                .orElseGet(OriginalDestination::listener));
    }

    /// Opens every listener.
    ///
    /// @throws StartException names the one that cannot be opened; the others are closed then
    static DataPlane bind(
            ProxyConfig config,
            Transport transport,
            ControlSide control,
            DrainWatch watch,
            ProxyMetrics metrics)
            throws StartException {
        DataPlane plane = new DataPlane(config, transport, control, watch, metrics);
        try {
            plane.listen(config);
            return plane;
        } catch (StartException e) {
            plane.close();
            throw e;
        }
    }

    InetSocketAddress inbound() {
        return listeners.addresses(Listeners.Kind.INBOUND).getFirst();
    }

    /// At least one.
    List<InetSocketAddress> outbound() {
        return listeners.addresses(Listeners.Kind.OUTBOUND);
    }

    List<InetSocketAddress> opaque() {
        return listeners.addresses(Listeners.Kind.OPAQUE);
    }

    /// Keeps the data plane away from one listener more.
    void forbid(InetSocketAddress address) {
        unaskable.add(address);
        unreachable.add(address);
    }

    /// Closes every listener, behind the connections that wait in its queue.
    CompletionStage<Void> stopAccepting() {
        return listeners.stop();
    }

    /// Counts the inbound connections on which a request of an Ebb client may be on its way, once
    /// everything that has arrived by now was read: first every loop takes what waits to be
    /// accepted, which another loop may have to read.
    CompletionStage<Integer> expectant() {
        return CompletableFuture.allOf(
                        fromClients()
                                .map(each -> each.input().toCompletableFuture())
                                .toArray(CompletableFuture[]::new))
                .thenCompose(_ ->
                        fromClients()
                                .map(LoopDrain::expectant)
                                .reduce(
                                        CompletableFuture.completedFuture(0),
                                        (sum, next) -> sum.thenCombine(next, Integer::sum)));
    }

    private Stream<LoopDrain> fromClients() {
        return inboundDrains.entries().stream().map(Map.Entry::getValue);
    }

    /// Cuts every connection that is left.
    CompletionStage<Void> cut() {
        return CompletableFuture.allOf(
                Stream.of(inboundDrains, outboundDrains)
                        .flatMap(each -> each.entries().stream())
                        .map(each -> each.getValue().cut().toCompletableFuture())
                        .toArray(CompletableFuture[]::new));
    }

    /// Closes the upstream pools and writes the access log out; the event loops stay.
    void close() {
        listeners.close();
        outboundPipeline.close();
        inboundPipeline.close();
        accessLog.close();
    }

    private void listen(ProxyConfig config) throws StartException {
        listeners.open(
                Listeners.Kind.INBOUND, config.listen().inbound(), inboundPipeline.accepted());
        for (InetSocketAddress each : config.listen().outbound()) {
            listeners.open(Listeners.Kind.OUTBOUND, each, outboundPipeline.accepted());
        }
        for (OpaqueListener each : config.listen().opaque()) {
            listeners.open(
                    Listeners.Kind.OPAQUE,
                    each.listen(),
                    outboundPipeline.acceptedFor(each.destination()));
        }
        unaskable.add(inbound());
        outbound().forEach(this::forbid);
        opaque().forEach(this::forbid);
    }

    private static OwnListeners ownListeners() throws StartException {
        try {
            return OwnListeners.ofThisMachine();
        } catch (SocketException e) {
            throw new StartException("network interfaces: " + e.getMessage(), e);
        }
    }
}
