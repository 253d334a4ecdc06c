package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Duration;
import java.util.List;

/// A pod that sends requests at a steady rate from when it is started until it is stopped.
public final class LoadClient {
    private final Scene scene;
    private final String pod;

    private LoadClient(Scene scene, String pod) {
        this.scene = scene;
        this.pod = pod;
    }

    /// Creates the pod under another name.
    ///
    /// @param manifest the pod, as `client.yaml` or `outside.yaml` has it
    public static LoadClient create(Scene scene, String name, HasMetadata manifest) {
        manifest.getMetadata().setName(name);
        scene.apply(List.of(manifest));
        return new LoadClient(scene, name);
    }

    public String pod() {
        return pod;
    }

    /// Waits until the first request has been answered, and the proxy, if there is one, is ready:
    /// it knows what it serves from then on.
    public void awaitLoading() {
        scene.awaitReady(pod);
        scene.awaitLine(pod, "loading");
    }

    /// Waits until this many requests have been sent and their outcomes are known.
    public void awaitRequests(long count) {
        Poll.until(count + " requests of " + pod, Duration.ofMinutes(2), () -> recorded() >= count);
    }

    /// Tells the pod to leave, and waits until it has: it waits for what is on its way.
    public void stop() {
        scene.delete(pod);
        scene.awaitGone(pod);
    }

    /// Checks that the log is whole: all requests that were sent are in it.
    ///
    /// @throws IllegalStateException if a record is missing
    public void checkLog() {
        LogLine done = scene.awaitLine(pod, "done");
        long sent = Long.parseLong(done.fields().get(2));
        if (recorded() != sent || !scene.logs().troubles().isEmpty()) {
            throw new IllegalStateException(
                    "%s: %d of %d requests are in its log; %s"
                            .formatted(pod, recorded(), sent, scene.logs().troubles()));
        }
    }

    private long recorded() {
        return scene.logs().of(pod, PodEdit.APP).filter(line -> line.isAbout("request")).count();
    }
}
