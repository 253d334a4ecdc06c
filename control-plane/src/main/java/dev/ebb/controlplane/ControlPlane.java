package dev.ebb.controlplane;

import dev.ebb.admin.AdminServer;
import dev.ebb.admin.Routes;
import dev.ebb.controlplane.grpc.GrpcServer;
import dev.ebb.controlplane.grpc.SingleWriter;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexSettings;
import dev.ebb.controlplane.kubernetes.KubernetesSource;
import dev.ebb.controlplane.kubernetes.NoClusterException;
import dev.ebb.controlplane.model.IndexStats;
import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.drain.DrainOutcome;
import dev.ebb.drain.DrainSignal;
import dev.ebb.env.AddressText;
import dev.ebb.lifecycle.Lifecycle;
import dev.ebb.lifecycle.ReadinessLatch;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A control plane: builds its parts by hand, starts them, ends them.
final class ControlPlane {
    private static final Logger LOG = LoggerFactory.getLogger(ControlPlane.class);
    private static final Duration TICK = Duration.ofMillis(100);
    private static final Duration STATS_LIMIT = Duration.ofSeconds(1);

    /// How long calls may take to end. Short, because proxies go on without us.
    private static final Duration GRACE = Duration.ofSeconds(1);

    private final ServerConfig config;
    private final String version;
    private final Lifecycle lifecycle = new Lifecycle();
    private final ReadinessLatch sourcesSynced = lifecycle.latch("sources");
    private final SingleWriter writer = new SingleWriter();
    private final ScheduledExecutorService drainTimer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("drain").daemon(true).factory());
    private final DrainSignal drain = new DrainSignal(drainTimer);
    private final AtomicReference<IndexStats> lastStats =
            new AtomicReference<>(new IndexStats(0, 0, 0, 0, 0));
    private final ControlPlaneMetrics metrics;
    private final Source source;
    private final Index index;
    private final GrpcServer server;
    private final AtomicBoolean ending = new AtomicBoolean();
    private Optional<AdminServer> admin = Optional.empty();

    private <X extends Exception> ControlPlane(
            ServerConfig config, String version, SourceMaking<X> making) throws X {
        this.config = config;
        this.version = version;
        this.metrics = new ControlPlaneMetrics(this::stats, version);
        this.source = making.make(writer, metrics);
        this.index =
                new Index(
                        IndexSettings.DEFAULT.warmingUpFor(config.warmUp()),
                        System::nanoTime,
                        new DepartureLog(source.events(metrics)),
                        source.cluster());
        this.server =
                new GrpcServer(
                        new GrpcServer.Settings(
                                config.listen(), config.maxCallsPerPeer(), source.authentication()),
                        index,
                        writer,
                        UUID.randomUUID().toString(),
                        drain.watch());
    }

    /// One without a cluster.
    ///
    /// @param version of this program, for people
    static ControlPlane standalone(StandaloneConfig config, String version) {
        return new ControlPlane(
                config.server(), version, (_, metrics) -> new StandaloneSource(config, metrics));
    }

    /// One of a Kubernetes cluster.
    ///
    /// @param version of this program, for people
    static ControlPlane kubernetes(KubernetesConfig config, String version)
            throws NoClusterException {
        return new ControlPlane(
                config.server(),
                version,
                (writer, metrics) ->
                        new ClusterSource(
                                config.cluster(),
                                new KubernetesSource(config.cluster(), writer::execute),
                                metrics));
    }

    /// Starts everything; when it returns, proxies can connect. After a failure call [#shutDown].
    void start() throws IOException, RegistryException {
        source.start(index, writer, this::synced);
        bind(Settings.LISTEN, config.listen(), server::start);
        bind(Settings.ADMIN_LISTEN, config.adminListen(), () -> admin = Optional.of(startAdmin()));
        lifecycle.started();
        writer.every(TICK, index::tick);
        LOG.atInfo()
                .addKeyValue("listen", bound(config.listen(), port()))
                .addKeyValue("admin", bound(config.adminListen(), adminPort()))
                .addKeyValue("version", version)
                .log("Control plane started");
    }

    int port() {
        return server.port();
    }

    int adminPort() {
        return admin.map(AdminServer::port).orElse(0);
    }

    boolean isEnding() {
        return ending.get();
    }

    /// Ends the control plane. Idempotent; a second caller returns at once.
    void shutDown() throws InterruptedException {
        if (!ending.compareAndSet(false, true)) {
            return;
        }
        // 1. Ready drops and health says NOT_SERVING, so that nobody new is sent here.
        lifecycle.draining();
        lifecycle.applicationGone();
        server.notServing();
        // 2. Nobody new comes in, and no edit either: from here on the state only winds down.
        server.stopAccepting();
        source.stop();
        // 3. What has been received is taken, and every stream that reads gets what is pending.
        //    Then the streams end with UNAVAILABLE: proxies go on with what they hold, and connect
        //    elsewhere.
        writer.execute(index::shutDown);
        writer.close();
        // 4. Every call holds the drain until its end has been told; who does not take it is cut.
        awaitCalls();
        server.close(GRACE);
        source.close();
        // 5. The admin server has answered to the very end.
        lifecycle.stopped();
        admin.ifPresent(AdminServer::close);
        if (admin.isPresent()) {
            LOG.atInfo().log("Control plane stopped");
        }
    }

    private void synced() {
        index.synced();
        server.serving();
        sourcesSynced.release();
        LOG.atInfo().log("Sources synced");
    }

    private void awaitCalls() {
        DrainOutcome outcome = drain.begin(GRACE).toCompletableFuture().join();
        if (outcome instanceof DrainOutcome.GraceExpired(List<String> stillHeld)) {
            LOG.atWarn().addKeyValue("calls", stillHeld).log("Calls were cut");
        }
        drainTimer.shutdownNow();
    }

    /// Sizes of the index; the last known ones if its writer is too busy to tell.
    private IndexStats stats() {
        try {
            lastStats.set(writer.ask(index::stats, STATS_LIMIT));
        } catch (TimeoutException | CompletionException e) {
            LOG.atDebug().setCause(e).log("The index did not tell its sizes");
        }
        return lastStats.get();
    }

    private AdminServer startAdmin() throws IOException {
        return AdminServer.start(
                config.adminListen(), new Routes(lifecycle, metrics, null, null, this::describe));
    }

    private static void bind(String variable, InetSocketAddress address, Binding binding)
            throws IOException {
        try {
            binding.bind();
        } catch (IOException e) {
            throw new IOException(
                    "%s or %s: cannot listen on %s: %s (expected: a free port of this machine)"
                            .formatted(
                                    Settings.flag(variable),
                                    variable,
                                    AddressText.format(address),
                                    innermost(e).getMessage()),
                    e);
        }
    }

    /// The system's own words, not those of the layers between.
    private static Throwable innermost(Throwable failure) {
        Throwable cause = failure.getCause();
        return cause == null ? failure : innermost(cause);
    }

    private static String bound(InetSocketAddress address, int port) {
        return AddressText.format(new InetSocketAddress(address.getAddress(), port));
    }

    private Map<String, Object> describe() {
        Map<String, Object> described = new LinkedHashMap<>(config.describe());
        described.putAll(source.describe());
        described.put("port", port());
        described.put("adminPort", adminPort());
        return described;
    }

    /// Makes the source, which tells the index on `writer`.
    private interface SourceMaking<X extends Exception> {
        Source make(SingleWriter writer, ControlPlaneMetrics metrics) throws X;
    }

    /// Takes an address, or fails because it cannot.
    private interface Binding {
        void bind() throws IOException;
    }
}
