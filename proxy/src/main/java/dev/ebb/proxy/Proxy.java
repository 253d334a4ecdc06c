package dev.ebb.proxy;

import dev.ebb.admin.AdminServer;
import dev.ebb.admin.Routes;
import dev.ebb.admin.ShutdownTrigger;
import dev.ebb.drain.DrainOutcome;
import dev.ebb.drain.DrainSignal;
import dev.ebb.env.AddressText;
import dev.ebb.env.Toggle;
import dev.ebb.lifecycle.Lifecycle;
import dev.ebb.lifecycle.Phase;
import dev.ebb.lifecycle.Version;
import dev.ebb.proxy.EndOfProcess.Reason;
import dev.ebb.proxy.config.ProxyConfig;
import dev.ebb.proxy.departure.Ledger;
import dev.ebb.proxy.metrics.MetricsExposition;
import dev.ebb.proxy.metrics.ProxyMetrics;
import dev.ebb.proxy.transport.Transport;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The composition root: makes every part once, in order, and ends them in order.
public final class Proxy {

    private static final Logger LOG = LoggerFactory.getLogger(Proxy.class);

    /// Event loops that do not end within this time are left to the exit of the process.
    private static final Duration LOOPS_CLOSE = Duration.ofSeconds(1);

    /// Even with no grace left, connections are told that this is the end; taken from the reserve.
    private static final Duration LEAST_DRAIN = Duration.ofMillis(250);

    private final ProxyConfig config;
    private final EndOfProcess end;
    private final Lifecycle lifecycle;
    private final ProxyMetrics metrics;
    private final Transport transport;
    private final ControlSide control;
    private final DrainSignal drain;
    private final DataPlane traffic;
    private final AdminServer admin;

    private Proxy(ProxyConfig config, EndOfProcess end) throws StartException {
        this.config = config;
        this.end = end;
        lifecycle = new Lifecycle();
        transport = openTransport(config);
        metrics =
                new ProxyMetrics(
                        Version.text(), transport.name(), startOfProcess().toEpochMilli() / 1e3);
        control = new ControlSide(config, transport, lifecycle, metrics, this::applicationToldGone);
        drain = new DrainSignal(control.timer());
        metrics.phase(Phase.class, lifecycle::phase);
        metrics.leases(drain::held);
        metrics.controlStream(control::isConnected);
        DataPlane bound = null;
        try {
            bound = DataPlane.bind(config, transport, control, drain.watch(), metrics);
            traffic = bound;
            admin = startAdmin();
        } catch (StartException e) {
            if (bound != null) {
                bound.close();
            }
            awaitClosed(transport.close(LOOPS_CLOSE), control.close(LOOPS_CLOSE));
            throw e;
        }
        traffic.forbid(admin.address());
    }

    /// Binds and serves until [#shutdown].
    ///
    /// @param end is asked by `POST /shutdown`
    /// @throws StartException names what is wrong; nothing is left running then
    static Proxy start(ProxyConfig config, EndOfProcess end) throws StartException {
        Proxy proxy = new Proxy(config, end);
        proxy.control.start(proxy.traffic);
        proxy.lifecycle.started();
        LOG.atInfo()
                .addKeyValue("instance", config.instance().name())
                .addKeyValue("uid", config.instance().uid())
                .addKeyValue("inbound", proxy.traffic.inbound())
                .addKeyValue("outbound", proxy.traffic.outbound())
                .addKeyValue("opaque", proxy.traffic.opaque())
                .addKeyValue("admin", proxy.admin.address())
                .addKeyValue("transport", proxy.transport.name())
                .log("Listening");
        if (!proxy.transport.canTellRedirected()) {
            LOG.atWarn()
                    .addKeyValue("transport", proxy.transport.name())
                    .addKeyValue("expected", "epoll")
                    .log("Redirected connections cannot be told apart from others");
        }
        return proxy;
    }

    /// What `POST /shutdown` says. It ends the proxy, and a TERM that came before it waits no more.
    void applicationEnded() {
        control.departure().applicationEnded();
        end.request(Reason.SHUTDOWN);
    }

    /// Beside a Job nothing else would end a plain container; a native sidecar is Kubernetes' to
    /// end.
    private void applicationToldGone() {
        if (!config.departure().isNativeSidecar()) {
            end.request(Reason.APPLICATION_GONE);
        }
    }

    /// Where the admin server listens.
    InetSocketAddress admin() {
        return admin.address();
    }

    /// The listeners for traffic.
    DataPlane traffic() {
        return traffic;
    }

    Lifecycle lifecycle() {
        return lifecycle;
    }

    /// Ends the proxy, from whatever reason; the one way out of a process that has started. Blocks
    /// until everything is closed, so the caller only has to exit.
    void shutdown(Reason reason) {
        // 1. Leave: tell the control plane, and serve on until nobody picks this instance any more
        //    and the application has gone. `/shutdown` says that it has, so it does not wait.
        lifecycle.draining();
        switch (reason) {
            case TERM, INT -> await(control.departure().term());
            case SHUTDOWN, APPLICATION_GONE -> await(control.departure().shutdown());
        }

        // 2. Accept nothing new, from the mesh or from the application, which has gone. What waits
        //    in the accept queue is served.
        await(traffic.stopAccepting());

        // 3. Let every connection end in its protocol's way, and
        // 4. within the grace wait for all of them; cut what is left, and name it.
        Duration left = await(control.departure().untilCut());
        Duration drainTime = left.compareTo(LEAST_DRAIN) < 0 ? LEAST_DRAIN : left;
        List<String> cut =
                switch (await(drain.begin(drainTime))) {
                    case DrainOutcome.Complete(Duration took) -> {
                        LOG.atInfo().addKeyValue("tookMillis", took.toMillis()).log("Drained");
                        yield List.of();
                    }
                    case DrainOutcome.GraceExpired(List<String> held) -> {
                        LOG.atWarn().addKeyValue("cut", held).log("The grace has ended");
                        await(traffic.cut());
                        yield held;
                    }
                };

        // 5. The last message, and while the control plane records it everything of the traffic is
        //    closed; then the rest. The admin server answers until the end.
        CompletionStage<Ledger> recorded = control.departure().record(cut);
        traffic.close();
        Future<?> trafficClosed = transport.close(LOOPS_CLOSE);
        note(await(recorded));
        Future<?> controlClosed = control.close(LOOPS_CLOSE);
        awaitClosed(trafficClosed, controlClosed);
        lifecycle.stopped();
        LOG.info("Exit");
        admin.close();
    }

    private void note(Ledger ledger) {
        ledger.balance().lost().forEach(metrics::lost);
        metrics.cut(ledger.balance().cut());
    }

    private static void awaitClosed(Future<?>... loops) {
        for (Future<?> each : loops) {
            each.awaitUninterruptibly(LOOPS_CLOSE.toMillis());
        }
    }

    private AdminServer startAdmin() throws StartException {
        try {
            return AdminServer.start(
                    config.listen().admin(),
                    new Routes(
                            lifecycle,
                            new MetricsExposition(metrics),
                            shutdownTrigger(),
                            control.departure(),
                            this::effectiveConfig));
        } catch (IOException e) {
            throw StartException.cannotListen("EBB_PROXY_ADMIN_LISTEN", config.listen().admin(), e);
        }
    }

    /// A native sidecar is ended by Kubernetes, after all other containers; ending earlier would
    /// only make the kubelet start it again.
    private @Nullable ShutdownTrigger shutdownTrigger() {
        if (config.process().adminShutdown() == Toggle.DISABLED) {
            return null;
        }
        return config.departure().isNativeSidecar()
                ? () -> LOG.info("POST /shutdown is left to Kubernetes, as for a native sidecar")
                : this::applicationEnded;
    }

    private Map<String, Object> effectiveConfig() {
        Map<String, Object> map = new LinkedHashMap<>(config.asMap());
        map.put("version", Version.text());
        map.put("bound_inbound", AddressText.format(traffic.inbound()));
        map.put("bound_outbound", traffic.outbound().stream().map(AddressText::format).toList());
        map.put("bound_opaque", traffic.opaque().stream().map(AddressText::format).toList());
        map.put("bound_admin", AddressText.format(admin.address()));
        map.put("bound_transport", transport.name());
        return map;
    }

    private static Transport openTransport(ProxyConfig config) throws StartException {
        try {
            return Transport.open(config.process().transport(), config.process().workers());
        } catch (IllegalStateException e) {
            throw new StartException("EBB_PROXY_TRANSPORT: " + e.getMessage(), e);
        }
    }

    private static Instant startOfProcess() {
        return ProcessHandle.current().info().startInstant().orElseGet(Instant::now);
    }

    /// Of a stage of ours, which never fails.
    private static <T> T await(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}
