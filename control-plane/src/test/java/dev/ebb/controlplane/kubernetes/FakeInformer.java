package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.client.informers.ExceptionHandler;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.informers.cache.Store;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// An informer whose every word the test says itself. Of the interface it has what is used here:
/// anything else fails.
final class FakeInformer<T> {
    private final List<T> store = new ArrayList<>();
    private final CompletableFuture<Void> started = new CompletableFuture<>();
    private @Nullable ResourceEventHandler<T> handler;
    private @Nullable ExceptionHandler failures;
    private @Nullable String version;
    private boolean stopped;

    @SuppressWarnings("unchecked")
    SharedIndexInformer<T> asInformer() {
        return (SharedIndexInformer<T>)
                Proxy.newProxyInstance(
                        FakeInformer.class.getClassLoader(),
                        new Class<?>[] {SharedIndexInformer.class},
                        (informer, method, arguments) ->
                                switch (method.getName()) {
                                    case "exceptionHandler" -> {
                                        failures = (ExceptionHandler) arguments[0];
                                        yield informer;
                                    }
                                    case "addEventHandler" -> {
                                        handler = (ResourceEventHandler<T>) arguments[0];
                                        yield informer;
                                    }
                                    case "start" -> started;
                                    case "stop" -> {
                                        stopped = true;
                                        yield null;
                                    }
                                    case "lastSyncResourceVersion" -> version;
                                    case "getStore" -> listing();
                                    default ->
                                            throw new UnsupportedOperationException(
                                                    method.toString());
                                });
    }

    void add(T object) {
        store.add(object);
        handler().onAdd(object);
    }

    void update(T before, T object) {
        handler().onUpdate(before, object);
    }

    void delete(T object) {
        store.remove(object);
        handler().onDelete(object, false);
    }

    void bookmark(String resourceVersion) {
        version = resourceVersion;
    }

    /// The first list has been told.
    void synced() {
        started.complete(null);
    }

    /// Whether it is to be tried again.
    boolean fail(Throwable failure) {
        return Objects.requireNonNull(failures).retryAfterException(false, failure);
    }

    boolean isStopped() {
        return stopped;
    }

    private ResourceEventHandler<T> handler() {
        return Objects.requireNonNull(handler, "nobody listens");
    }

    @SuppressWarnings("unchecked")
    private Store<T> listing() {
        return (Store<T>)
                Proxy.newProxyInstance(
                        FakeInformer.class.getClassLoader(),
                        new Class<?>[] {Store.class},
                        (_, method, _) -> {
                            if (method.getName().equals("list")) {
                                return List.copyOf(store);
                            }
                            throw new UnsupportedOperationException(method.toString());
                        });
    }
}
