package dev.ebb.controlplane.kubernetes.view;

import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.Instance;
import java.util.List;
import java.util.Optional;

/// What matters of a Pod.
///
/// @param uid never used again, unlike the name
/// @param ips canonical; none while it has no network of its own, or none any more
/// @param mesh whether an Ebb proxy runs in it
/// @param leaving empty while nobody has deleted it
public record PodState(
        ObjectName name,
        String uid,
        List<String> ips,
        Mesh mesh,
        Optional<Deletion> leaving,
        Application application) {

    public PodState {
        ips = List.copyOf(ips);
    }

    public boolean isMeshed() {
        return mesh == Mesh.MESHED;
    }

    public boolean isLeaving() {
        return leaving.isPresent();
    }

    /// What proxies know it as.
    public Instance instance() {
        return new Instance(uid, name.name());
    }

    /// Whether an Ebb proxy stands in front of the application.
    public enum Mesh {
        MESHED,
        UNMESHED
    }
}
