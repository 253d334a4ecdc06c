package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Reads Pods from the API server: a GET without a resourceVersion, which is answered with the
/// newest state there is. Thread-safe.
///
/// @see <a
///   href="https://kubernetes.io/docs/reference/using-api/api-concepts/#semantics-for-get-and-list">Semantics
///   for get and list</a>
final class ApiPodReader implements PodReads.PodReader {
    /// Some thousand pods may be deleted at once; the API server has others to answer, too.
    private static final int MAX_AT_ONCE = 32;

    private final KubernetesClient client;
    private final Semaphore permits = new Semaphore(MAX_AT_ONCE);

    /// @param client gives up within the time in which a question has to be answered
    ApiPodReader(KubernetesClient client) {
        this.client = client;
    }

    @Override
    public void read(ObjectName pod, String uid, Consumer<Life> result) {
        Thread.startVirtualThread(() -> result.accept(read(pod, uid)));
    }

    private Life read(ObjectName name, String uid) {
        permits.acquireUninterruptibly();
        try {
            return life(
                    client.pods().inNamespace(name.namespace()).withName(name.name()).get(), uid);
        } catch (RuntimeException e) {
            return new Life.CannotTell("the pod could not be read: " + ApiFailure.words(e));
        } finally {
            permits.release();
        }
    }

    /// One that is not there any more has left, and so has one in whose place there is another.
    static Life life(@Nullable Pod pod, String uid) {
        if (pod == null || !uid.equals(pod.getMetadata().getUid())) {
            return new Life.Leaves(Deletion.DONE);
        }
        return FromApi.leaving(pod).<Life>map(Life.Leaves::new).orElseGet(Life.Alive::new);
    }
}
