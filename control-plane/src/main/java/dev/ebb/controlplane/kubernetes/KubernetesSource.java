package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.cluster.Identities;
import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.index.IndexEvents;
import dev.ebb.controlplane.kubernetes.view.ClusterView;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.kubernetes.view.PodState;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A Kubernetes cluster as the source of a control plane: builds the parts, starts them, ends them.
public final class KubernetesSource implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(KubernetesSource.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration REMIND = Duration.ofSeconds(30);
    private static final String SERVICES = "services";
    private static final String SLICES = "endpointslices";
    private static final String PODS = "pods";
    private static final String RIGHTS = "rights";

    private final KubernetesSettings settings;
    private final Executor writer;
    private final ApiClients clients;
    private final ClusterView view;
    private final TokenReviews identities;
    private final KubernetesCluster cluster;
    private final RightsCheck rights;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().name("kubernetes").daemon(true).factory());
    private final List<Watched<?>> watched = new ArrayList<>();
    private long started;
    private long reminded;

    /// @param writer runs tasks in the order they are handed in, on the index's thread
    /// @throws NoClusterException if it is not clear which cluster is meant
    public KubernetesSource(KubernetesSettings settings, Executor writer)
            throws NoClusterException {
        this.settings = settings;
        this.writer = writer;
        this.clients = ApiClients.open(settings);
        this.view = new ClusterView(settings.domain());
        this.identities = TokenReviews.by(clients.asking());
        this.rights = new RightsCheck(new ApiRights(clients.watching()));
        this.cluster =
                new KubernetesCluster(
                        view,
                        new PodReads(new ApiPodReader(clients.asking()), writer),
                        identities::podOf);
    }

    /// Where the API server is.
    public String url() {
        return clients.url();
    }

    /// What the index asks.
    public Cluster cluster() {
        return cluster;
    }

    /// Who shows which token.
    public Identities identities() {
        return identities;
    }

    /// Writes ledgers as Events, and passes every event on.
    public IndexEvents events(IndexEvents next) {
        return new LedgerEvents(clients.watching(), this::nameOf, next);
    }

    /// Starts to watch. Returns at once; while the API server cannot be reached it is tried again
    /// and again.
    ///
    /// @param synced called once, on the writer, when everything that there is has been told
    public void start(Index index, Runnable synced) {
        LOG.atInfo().addKeyValue("apiServer", clients.url()).log("Watching the cluster");
        ClusterFeed feed = new ClusterFeed(view, index);
        FirstSync first = new FirstSync(Set.of(SERVICES, SLICES, PODS, RIGHTS), synced);
        watched.add(services(feed, first));
        watched.add(slices(feed, first));
        watched.add(pods(feed, first));
        started = System.nanoTime();
        watched.forEach(Watched::start);
        rights.start(() -> writer.execute(() -> first.of(RIGHTS)));
        var _ =
                timer.scheduleWithFixedDelay(
                        this::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /// Tells of each watch how many seconds ago it gave a sign of life.
    public void silence(ObjDoubleConsumer<String> reader) {
        for (Watched<?> each : List.copyOf(watched)) {
            reader.accept(each.resource(), each.silence().toMillis() / 1e3);
        }
    }

    /// Tells nothing more; who asks is still answered.
    public void stop() {
        timer.shutdownNow();
        rights.close();
        watched.forEach(Watched::stop);
    }

    @Override
    public void close() {
        stop();
        clients.close();
    }

    private Watched<Service> services(ClusterFeed feed, FirstSync first) {
        return watched(
                SERVICES,
                () -> clients.watching().services().inAnyNamespace().runnableInformer(0),
                feed::put,
                object -> feed.removeService(FromApi.name(object)),
                all -> {
                    feed.retainServices(names(all));
                    first.of(SERVICES);
                });
    }

    private Watched<EndpointSlice> slices(ClusterFeed feed, FirstSync first) {
        return watched(
                SLICES,
                () ->
                        clients.watching()
                                .discovery()
                                .v1()
                                .endpointSlices()
                                .inAnyNamespace()
                                .runnableInformer(0),
                feed::put,
                object -> feed.removeSlice(FromApi.name(object)),
                all -> {
                    feed.retainSlices(names(all));
                    first.of(SLICES);
                });
    }

    private Watched<Pod> pods(ClusterFeed feed, FirstSync first) {
        return watched(
                PODS,
                () -> clients.watching().pods().inAnyNamespace().runnableInformer(0),
                feed::put,
                object -> feed.removePod(object.getMetadata().getUid()),
                all -> {
                    feed.retainPods(uids(all));
                    first.of(PODS);
                });
    }

    /// Hands all that is heard to the writer.
    private <T extends HasMetadata> Watched<T> watched(
            String resource,
            Supplier<SharedIndexInformer<T>> informers,
            Consumer<T> put,
            Consumer<T> remove,
            Consumer<Supplier<List<T>>> retain) {
        return new Watched<>(
                resource,
                informers,
                Watched.Listener.of(
                        object -> hand(() -> put.accept(object)),
                        object -> hand(() -> remove.accept(object)),
                        all -> hand(() -> retain.accept(all))),
                System::nanoTime);
    }

    /// To the writer; in tests of late news, later.
    private void hand(Runnable news) {
        if (settings.newsDelay().isZero()) {
            writer.execute(news);
        } else {
            var _ =
                    timer.schedule(
                            () -> writer.execute(news),
                            settings.newsDelay().toMillis(),
                            TimeUnit.MILLISECONDS);
        }
    }

    private void look() {
        watched.forEach(each -> each.look(settings.watchSilence()));
        List<String> missing =
                Stream.concat(
                                watched.stream()
                                        .filter(each -> !each.isSynced())
                                        .map(Watched::resource),
                                rights.awaited().stream())
                        .toList();
        long now = System.nanoTime();
        if (!missing.isEmpty() && now - Math.max(started, reminded) > REMIND.toNanos()) {
            reminded = now;
            LOG.atWarn()
                    .addKeyValue("missing", missing)
                    .addKeyValue("apiServer", clients.url())
                    .addKeyValue("forSeconds", Duration.ofNanos(now - started).toSeconds())
                    .log("Not ready: the cluster could not be read yet; trying again");
        }
    }

    private Optional<ObjectName> nameOf(String uid) {
        return view.pod(uid).map(PodState::name).or(() -> identities.podOf(uid));
    }

    private static List<ObjectName> names(Supplier<? extends List<? extends HasMetadata>> all) {
        List<ObjectName> names = new ArrayList<>();
        all.get().forEach(object -> names.add(FromApi.name(object)));
        return names;
    }

    private static List<String> uids(Supplier<? extends List<? extends HasMetadata>> all) {
        List<String> uids = new ArrayList<>();
        all.get().forEach(object -> uids.add(object.getMetadata().getUid()));
        return uids;
    }
}
