package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All objects of one kind: an informer, begun anew when its watch has been silent for too long.
///
/// The informer itself lists again when the API server has forgotten where the watch stood (410
/// Gone) or was restarted. What it cannot see is a watch whose connection is dead without a word.
/// The API server sends a bookmark about once a minute, so silence tells. Thread-safe.
///
/// @see <a
///   href="https://kubernetes.io/docs/reference/using-api/api-concepts/#watch-bookmarks">Watch
///   bookmarks</a>
final class Watched<T extends HasMetadata> {
    private static final Logger LOG = LoggerFactory.getLogger(Watched.class);

    private final String resource;
    private final Supplier<SharedIndexInformer<T>> informers;
    private final Listener<T> listener;
    private final LongSupplier nanos;
    private final AtomicReference<@Nullable String> complaint = new AtomicReference<>();
    private @Nullable SharedIndexInformer<T> informer;
    private @Nullable String lastVersion;
    private volatile long lastSign;
    private volatile boolean synced;

    /// @param resource its plural name, for people
    /// @param informers makes one that has not been started
    /// @param nanos a monotonic clock
    Watched(
            String resource,
            Supplier<SharedIndexInformer<T>> informers,
            Listener<T> listener,
            LongSupplier nanos) {
        this.resource = resource;
        this.informers = informers;
        this.listener = listener;
        this.nanos = nanos;
        this.lastSign = nanos.getAsLong();
    }

    String resource() {
        return resource;
    }

    /// Whether all objects have been told once.
    boolean isSynced() {
        return synced;
    }

    /// How long ago the watch gave a sign of life.
    Duration silence() {
        return Duration.ofNanos(nanos.getAsLong() - lastSign);
    }

    synchronized void start() {
        lastSign = nanos.getAsLong();
        SharedIndexInformer<T> fresh = informers.get();
        fresh.exceptionHandler((_, failure) -> {
            complain(failure);
            return true;
        });
        fresh.addEventHandler(new Signs());
        informer = fresh;
        var _ = fresh.start().thenRun(() -> synced(fresh));
    }

    /// Looks for a sign of life; begins anew after `limit` without one.
    synchronized void look(Duration limit) {
        SharedIndexInformer<T> current = informer;
        if (current == null) {
            return;
        }
        String version = current.lastSyncResourceVersion();
        if (version != null && !version.equals(lastVersion)) {
            lastVersion = version;
            sign();
        }
        if (synced && silence().compareTo(limit) > 0) {
            LOG.atWarn()
                    .addKeyValue("resource", resource)
                    .addKeyValue("silentSeconds", silence().toSeconds())
                    .log("Watch is silent; it is begun anew");
            current.stop();
            start();
        }
    }

    synchronized void stop() {
        if (informer != null) {
            informer.stop();
            informer = null;
        }
    }

    /// What went while nobody watched is found by what is there.
    private void synced(SharedIndexInformer<T> fresh) {
        synced = true;
        complaint.set(null);
        sign();
        listener.synced(() -> fresh.getStore().list());
    }

    private void sign() {
        lastSign = nanos.getAsLong();
    }

    /// One line for each new reason, however often it is tried again.
    private void complain(Throwable failure) {
        String reason = ApiFailure.words(failure);
        if (!reason.equals(complaint.getAndSet(reason))) {
            LOG.atWarn()
                    .addKeyValue("resource", resource)
                    .addKeyValue("reason", reason)
                    .log("Cannot list and watch; trying again");
        }
    }

    /// Hears of the objects, on the informer's threads, one call at a time.
    interface Listener<T> {

        /// A new or changed object.
        void put(T object);

        /// An object that is there no more.
        void remove(T object);

        /// Everything that there is has been told, and `all` has it when it is asked.
        void synced(Supplier<List<T>> all);

        /// A listener of three functions.
        static <T> Listener<T> of(
                Consumer<T> put, Consumer<T> remove, Consumer<Supplier<List<T>>> synced) {
            return new Listener<>() {
                @Override
                public void put(T object) {
                    put.accept(object);
                }

                @Override
                public void remove(T object) {
                    remove.accept(object);
                }

                @Override
                public void synced(Supplier<List<T>> all) {
                    synced.accept(all);
                }
            };
        }
    }

    private final class Signs implements ResourceEventHandler<T> {

        @Override
        public void onList(String resourceVersion, boolean remainedEmpty) {
            complaint.set(null);
            sign();
        }

        @Override
        public void onAdd(T object) {
            sign();
            listener.put(object);
        }

        @Override
        public void onUpdate(T before, T object) {
            sign();
            // One that was deleted and made again between two lists has the name of the first.
            if (!before.getMetadata().getUid().equals(object.getMetadata().getUid())) {
                listener.remove(before);
            }
            listener.put(object);
        }

        @Override
        public void onDelete(T object, boolean deletedFinalStateUnknown) {
            sign();
            listener.remove(object);
        }
    }
}
