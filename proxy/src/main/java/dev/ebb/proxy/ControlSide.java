package dev.ebb.proxy;

import dev.ebb.lifecycle.Lifecycle;
import dev.ebb.lifecycle.ReadinessLatch;
import dev.ebb.proxy.application.ApplicationActivity;
import dev.ebb.proxy.application.MonotonicClock;
import dev.ebb.proxy.balance.Resolver;
import dev.ebb.proxy.config.ProxyConfig;
import dev.ebb.proxy.config.ServedName;
import dev.ebb.proxy.departure.ControlPlane;
import dev.ebb.proxy.departure.Departure;
import dev.ebb.proxy.departure.DepartureListener;
import dev.ebb.proxy.departure.DepartureState;
import dev.ebb.proxy.departure.DepartureState.Asked;
import dev.ebb.proxy.departure.DepartureState.Holding;
import dev.ebb.proxy.departure.DepartureState.Lingering;
import dev.ebb.proxy.departure.DepartureState.Released;
import dev.ebb.proxy.departure.DepartureState.Serving;
import dev.ebb.proxy.departure.DepartureState.Unconfirmed;
import dev.ebb.proxy.departure.OutsideTraffic;
import dev.ebb.proxy.departure.RequestCounts;
import dev.ebb.proxy.departure.Surroundings;
import dev.ebb.proxy.discovery.Discovery;
import dev.ebb.proxy.discovery.NoDiscovery;
import dev.ebb.proxy.discovery.Served;
import dev.ebb.proxy.discovery.Served.Readiness;
import dev.ebb.proxy.inbound.InboundLedger;
import dev.ebb.proxy.inbound.LeavingState;
import dev.ebb.proxy.metrics.ConnectionMetrics;
import dev.ebb.proxy.metrics.Direction;
import dev.ebb.proxy.metrics.Peer;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.Transport;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything of the proxy that is not traffic, on one event loop of its own: the control stream
/// and the departure.
final class ControlSide {

    private final ProxyConfig config;
    private final Lifecycle lifecycle;
    private final ProxyMetrics metrics;
    private final Runnable whenToldGone;
    private final ReadinessLatch synced;
    private final EventLoopGroup loop;
    private final RequestCounts counts = new RequestCounts();
    private final OutsideTraffic outside;
    private final @Nullable Discovery discovery;
    private final Resolver resolver;
    private final Departure departure;
    private volatile boolean applicationSeen;
    private volatile LeavingState leaving = new LeavingState.Serving();
    private volatile @Nullable InetSocketAddress inbound;
    private volatile Supplier<CompletionStage<Integer>> expectant =
            () -> CompletableFuture.completedFuture(0);

    /// @param whenToldGone the control plane has seen that the application has terminated for good
    ControlSide(
            ProxyConfig config,
            Transport transport,
            Lifecycle lifecycle,
            ProxyMetrics metrics,
            Runnable whenToldGone) {
        this.config = config;
        this.whenToldGone = whenToldGone;
        this.lifecycle = lifecycle;
        this.metrics = metrics;
        this.synced = lifecycle.latch("control plane");
        this.loop = transport.newLoop("ebb-control");
        MonotonicClock clock = MonotonicClock.system();
        this.outside = new OutsideTraffic(clock);
        ControlPlane controlPlane;
        if (config.discovery().isPresent()) {
            Discovery real =
                    new Discovery(
                            config.discovery().get(),
                            loop,
                            transport.channelType(),
                            clock,
                            synced::release);
            discovery = real;
            resolver = real;
            controlPlane = real;
        } else {
            NoDiscovery none = new NoDiscovery();
            discovery = null;
            resolver = none;
            controlPlane = none;
        }
        this.departure =
                new Departure(
                        config.departure(),
                        controlPlane,
                        surroundings(clock),
                        new Reactions(),
                        timer());
    }

    Resolver resolver() {
        return resolver;
    }

    Departure departure() {
        return departure;
    }

    /// Where inbound requests are counted.
    InboundLedger ledger() {
        return new CountingLedger(counts, outside);
    }

    /// How far the departure has come; read on event loops.
    LeavingState leaving() {
        return leaving;
    }

    /// A redirected client wanted to connect to the application there. Called on event loops, at
    /// every connection.
    void applicationAt(InetSocketAddress address) {
        if (!applicationSeen) {
            applicationSeen = true;
            departure.applicationAt(address);
        }
    }

    /// The timer of everything that is not traffic.
    ScheduledExecutorService timer() {
        return loop.next();
    }

    boolean isConnected() {
        return discovery != null && discovery.isConnected();
    }

    /// Connects and watches the application.
    void start(DataPlane traffic) {
        inbound = traffic.inbound();
        expectant = traffic::expectant;
        if (discovery == null) {
            synced.release();
        } else {
            register(Readiness.NOT_READY);
            discovery.start();
        }
        departure.watch();
    }

    /// Ends the control stream and the loop.
    Future<?> close(Duration limit) {
        departure.close();
        if (discovery != null) {
            discovery.close();
        }
        return loop.shutdownGracefully(0, limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private Surroundings surroundings(MonotonicClock clock) {
        ConnectionMetrics clients = metrics.connections(Direction.INBOUND, Peer.SOURCE);
        return new Surroundings(
                counts,
                outside,
                new ApplicationTraffic(metrics),
                clients::open,
                () -> expectant.get(),
                clock);
    }

    private void register(Readiness readiness) {
        InetSocketAddress listener = inbound;
        if (discovery == null || listener == null) {
            return;
        }
        List<Served> served =
                config.serves().stream().map(each -> served(each, listener, readiness)).toList();
        discovery.register(served);
    }

    private static Served served(ServedName name, InetSocketAddress listener, Readiness readiness) {
        return new Served(name.destination(), name.address().orElse(listener), readiness);
    }

    /// What the connections of the local application look like from here.
    private static final class ApplicationTraffic implements ApplicationActivity {

        private final ConnectionMetrics toApplication;
        private final ConnectionMetrics fromApplication;

        ApplicationTraffic(ProxyMetrics metrics) {
            toApplication = metrics.connections(Direction.INBOUND, Peer.DESTINATION);
            fromApplication = metrics.connections(Direction.OUTBOUND, Peer.SOURCE);
        }

        @Override
        public int connections() {
            return toApplication.open() + fromApplication.open();
        }

        @Override
        public long outboundConnectionsEver() {
            return fromApplication.openedEver();
        }
    }

    /// What the rest of the proxy does about the departure.
    private final class Reactions implements DepartureListener {

        @Override
        public void changed(DepartureState state) {
            String uid = config.instance().uid();
            switch (state) {
                case Serving _, Asked _ -> leaving = new LeavingState.Serving();
                // What is waited for in the end is served: the application has not been told.
                case Unconfirmed _, Holding _, Lingering _ ->
                        leaving = new LeavingState.Leaving(uid);
                case Released released -> {
                    leaving = new LeavingState.Released(uid);
                    metrics.held(
                            released.ended().minus(released.began()), released.reason().label());
                }
            }
        }

        @Override
        public void applicationOpen() {
            register(Readiness.READY);
        }

        @Override
        public void applicationGone() {
            lifecycle.applicationGone();
        }

        @Override
        public void applicationToldGone() {
            whenToldGone.run();
        }
    }
}
