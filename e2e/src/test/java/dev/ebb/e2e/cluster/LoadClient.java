package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// A pod that sends requests at a steady rate from when it is started until it is stopped.
public final class LoadClient {
    private static final Duration FIRST_WORD = Duration.ofMinutes(2);

    /// So many requests show who answers them.
    private static final int ENOUGH = 10;

    private final Scene scene;
    private final String pod;
    private final boolean isSlow;
    private boolean stopped;

    private LoadClient(Scene scene, String pod, boolean isSlow) {
        this.scene = scene;
        this.pod = pod;
        this.isSlow = isSlow;
    }

    /// Creates the pod under another name.
    ///
    /// @param manifest the pod, as `client.yaml` or `outside.yaml` has it
    public static LoadClient create(Scene scene, String name, HasMetadata manifest) {
        manifest.getMetadata().setName(name);
        scene.apply(List.of(manifest));
        return new LoadClient(scene, name, PodEdit.of(manifest).isSlow());
    }

    public String pod() {
        return pod;
    }

    /// Waits until the first request has been answered, and the proxy, if there is one, is ready:
    /// it knows what it serves from then on. A slow proxy sends requests on as they are until it
    /// has heard who serves them, and counts for no departure before: that is waited for, too, and
    /// that it has chosen among them.
    public void awaitLoading() {
        if (stopped) {
            return;
        }
        scene.awaitReady(pod);
        scene.awaitLine(pod, "loading");
        if (isSlow) {
            Poll.until(
                    pod + " to apply what it was told first",
                    FIRST_WORD,
                    Relayed.of(scene, pod)::hasApplied);
        }
        awaitRequests(scene.logs().requests(pod).count() + ENOUGH);
    }

    /// Waits until this many requests have been sent and their outcomes are known.
    private void awaitRequests(long count) {
        Poll.until(
                count + " requests of " + pod,
                Duration.ofMinutes(2),
                () -> scene.logs().requests(pod).count() >= count);
    }

    /// The pod that answers it: most of its last requests.
    String server() {
        List<String> servers =
                scene.logs()
                        .requests(pod)
                        .map(LogLine::fields)
                        .filter(fields -> fields.contains("answered"))
                        .map(List::getLast)
                        .toList();
        return servers.reversed().stream()
                .limit(ENOUGH)
                .collect(Collectors.groupingBy(server -> server, Collectors.counting()))
                .entrySet()
                .stream()
                .max(Map.Entry.comparingByValue())
                .orElseThrow(() -> new AssertionError(pod + ": no answer yet"))
                .getKey();
    }

    /// Ends the load: what is on its way is waited for, and the rest of the pod is not.
    public void stop() {
        beginStop();
        awaitStopped();
    }

    /// Tells the application to stop, and does not wait.
    void beginStop() {
        if (!stopped) {
            scene.delete(pod);
        }
    }

    /// Waits until every request has its outcome, then ends the pod at once.
    void awaitStopped() {
        if (!stopped) {
            scene.awaitLine(pod, "done");
            scene.delete(pod, Duration.ZERO);
            stopped = true;
        }
    }

    /// Checks that the log is whole: all requests that were sent are in it.
    ///
    /// @throws IllegalStateException if a record is missing, or a log could not be followed
    public void checkLog() {
        scene.awaitLine(pod, "done");
        // A log that broke off is why something is missing in it, so it is said first.
        if (!scene.logs().troubles().isEmpty()) {
            throw new IllegalStateException(pod + ": " + scene.logs().troubles());
        }
        scene.logs().checkWhole(pod);
    }
}
