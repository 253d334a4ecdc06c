package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.List;

/// Ends the program of a pod as a crash does: with KILL, so that it has no time for a last word.
/// Kubernetes has no way to ask for that; another pod on the same node does it, which sees the
/// node's processes and runs as what it kills: a KILL needs no more (`kill(2)`).
public final class Crash {
    private final Scene scene;
    private final Pod victim;
    private final String name;

    private Crash(Scene scene, Pod victim) {
        this.scene = scene;
        this.victim = victim;
        this.name = "crash-" + victim.getMetadata().getName();
    }

    /// Makes it ready, so that [#strike] takes effect within a moment.
    public static Crash prepare(Scene scene, Pod victim) {
        Crash crash = new Crash(scene, victim);
        scene.apply(List.of(crash.killer()));
        scene.awaitLine(crash.name, "armed");
        return crash;
    }

    /// Kills the program, and deletes the pod, so that it is not started again in its place.
    /// Returns when both have happened.
    public void strike() {
        scene.delete(name);
        LogLine killed = scene.awaitLine(name, "killed");
        if (killed.fields().getLast().equals("0")) {
            throw new IllegalStateException(name + ": killed nothing (expected: a program)");
        }
        scene.client().resource(victim).withGracePeriod(0).delete();
    }

    private Pod killer() {
        return new PodBuilder()
                .withNewMetadata()
                .withName(name)
                .endMetadata()
                .withNewSpec()
                .withNodeName(victim.getSpec().getNodeName())
                .withHostPID(true)
                .withSecurityContext(victim.getSpec().getSecurityContext())
                .withRestartPolicy("Never")
                .withAutomountServiceAccountToken(false)
                .addNewContainer()
                .withName(PodEdit.APP)
                .withImage("ebb.dev/ebb-testapp:dev")
                .withImagePullPolicy("IfNotPresent")
                .withArgs("crash", "--pod=" + victim.getMetadata().getUid())
                .withSecurityContext(program().getSecurityContext())
                .endContainer()
                .endSpec()
                .build();
    }

    private Container program() {
        return victim.getSpec().getContainers().getFirst();
    }
}
