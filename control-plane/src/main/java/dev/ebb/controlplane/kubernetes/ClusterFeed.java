package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.index.Index;
import dev.ebb.controlplane.kubernetes.view.ClusterView;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.kubernetes.view.PodState;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/// Takes news of the API server: into the view, and from there to the index. Used on the index's
/// writer only.
final class ClusterFeed {
    private final ClusterView view;
    private final Index index;

    ClusterFeed(ClusterView view, Index index) {
        this.view = view;
        this.index = index;
    }

    void put(Service service) {
        index.changed(
                FromApi.service(service)
                        .map(view::put)
                        .orElseGet(() -> view.removeService(FromApi.name(service))));
    }

    void removeService(ObjectName name) {
        index.changed(view.removeService(name));
    }

    void put(EndpointSlice slice) {
        index.changed(
                FromApi.slice(slice)
                        .map(view::put)
                        .orElseGet(() -> view.removeSlice(FromApi.name(slice))));
    }

    void removeSlice(ObjectName name) {
        index.changed(view.removeSlice(name));
    }

    /// A deletion counts from here on, ahead of the slices that the pod is in.
    void put(Pod object) {
        PodState pod = FromApi.pod(object);
        Optional<PodState> before = view.pod(pod.uid());
        Set<String> changed = view.put(pod);
        if (pod.isMeshed() && !before.equals(Optional.of(pod))) {
            pod.leaving().ifPresent(deletion -> index.leaves(pod.instance(), deletion));
        }
        index.changed(changed);
        boolean wasGone =
                before.filter(state -> state.application() == Application.GONE).isPresent();
        if (pod.isMeshed() && pod.application() == Application.GONE && !wasGone) {
            index.applicationGone(pod.uid());
        }
    }

    void removePod(String uid) {
        index.changed(view.removePod(uid));
        index.vanished(uid);
    }

    /// Removes every Service but those.
    void retainServices(Collection<ObjectName> names) {
        Set<ObjectName> gone = new HashSet<>(view.services());
        gone.removeAll(Set.copyOf(names));
        gone.forEach(this::removeService);
    }

    /// Removes every EndpointSlice but those.
    void retainSlices(Collection<ObjectName> names) {
        Set<ObjectName> gone = new HashSet<>(view.slices());
        gone.removeAll(Set.copyOf(names));
        gone.forEach(this::removeSlice);
    }

    /// Removes every Pod but those.
    void retainPods(Collection<String> uids) {
        Set<String> there = Set.copyOf(uids);
        view.pods().stream()
                .map(PodState::uid)
                .filter(uid -> !there.contains(uid))
                .forEach(this::removePod);
    }
}
