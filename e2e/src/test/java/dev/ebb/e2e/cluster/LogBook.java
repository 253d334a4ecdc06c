package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.LogWatch;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;

/// The pods of one namespace, and every line of every container. A pod's logs go with the pod, so
/// each container is followed from its start. Safe for use by several threads.
public final class LogBook implements Logs, AutoCloseable {
    private static final Duration END = Duration.ofSeconds(30);

    private final KubernetesClient client;
    private final String namespace;
    private final Queue<LogLine> lines = new ConcurrentLinkedQueue<>();
    private final Queue<String> troubles = new ConcurrentLinkedQueue<>();
    private final Set<Followed> followed = ConcurrentHashMap.newKeySet();
    private final Map<String, Pod> seen = new ConcurrentHashMap<>();

    /// Of each container whose log is being read, the pod's name.
    private final Queue<String> reading = new ConcurrentLinkedQueue<>();

    private final SharedIndexInformer<Pod> pods;
    private volatile boolean closed;

    private record Followed(String uid, String container, int restarts) {}

    private LogBook(KubernetesClient client, String namespace) {
        this.client = client;
        this.namespace = namespace;
        this.pods = client.pods().inNamespace(namespace).inform(new NewContainers());
    }

    static LogBook follow(KubernetesClient client, String namespace) {
        return new LogBook(client, namespace);
    }

    /// All lines so far; those of one container are in order.
    @Override
    public List<LogLine> lines() {
        return List.copyOf(lines);
    }

    /// What one container of one pod has written so far.
    @Override
    public Stream<LogLine> of(String pod, String container) {
        return lines.stream()
                .filter(line -> line.pod().equals(pod) && line.container().equals(container));
    }

    /// A pod of this name as it was seen last, also if it has gone.
    Optional<Pod> pod(String name) {
        return Optional.ofNullable(seen.get(name));
    }

    /// All pods as they were seen last, also those that have gone.
    List<Pod> pods() {
        return List.copyOf(seen.values());
    }

    /// Waits until the logs of a pod that has gone have been read to their ends.
    void awaitEnd(String pod) {
        Poll.until("the end of the logs of " + pod, END, () -> !reading.contains(pod));
    }

    /// Logs that broke off, in words. A judge believes nothing while there is one.
    public List<String> troubles() {
        return List.copyOf(troubles);
    }

    @Override
    public void close() {
        closed = true;
        pods.close();
    }

    private void look(Pod pod) {
        seen.put(pod.getMetadata().getName(), pod);
        Stream.concat(
                        pod.getStatus().getInitContainerStatuses().stream(),
                        pod.getStatus().getContainerStatuses().stream())
                .filter(LogBook::hasStarted)
                .filter(status ->
                        followed.add(
                                new Followed(
                                        pod.getMetadata().getUid(),
                                        status.getName(),
                                        status.getRestartCount())))
                .forEach(status -> {
                    reading.add(pod.getMetadata().getName());
                    Thread.startVirtualThread(
                            () -> follow(pod.getMetadata().getName(), status.getName()));
                });
    }

    private static boolean hasStarted(ContainerStatus status) {
        return status.getState().getRunning() != null || status.getState().getTerminated() != null;
    }

    private void follow(String pod, String container) {
        try (LogWatch log =
                        client.pods()
                                .inNamespace(namespace)
                                .withName(pod)
                                .inContainer(container)
                                .watchLog();
                BufferedReader reader =
                        new BufferedReader(
                                new InputStreamReader(log.getOutput(), StandardCharsets.UTF_8))) {
            for (String text = reader.readLine(); text != null; text = reader.readLine()) {
                lines.add(new LogLine(pod, container, text));
            }
        } catch (IOException | KubernetesClientException e) {
            if (!closed) {
                troubles.add("%s/%s: %s".formatted(pod, container, e));
            }
        } finally {
            reading.remove(pod);
        }
    }

    private final class NewContainers implements ResourceEventHandler<Pod> {
        @Override
        public void onAdd(Pod pod) {
            look(pod);
        }

        @Override
        public void onUpdate(Pod before, Pod pod) {
            look(pod);
        }

        @Override
        public void onDelete(Pod pod, boolean unknown) {
            // What is being followed ends by itself; only this says how the pod ended.
            seen.put(pod.getMetadata().getName(), pod);
        }
    }
}
