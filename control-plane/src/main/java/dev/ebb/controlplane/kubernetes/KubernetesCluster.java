package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.cluster.Cluster;
import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.cluster.Life;
import dev.ebb.controlplane.kubernetes.view.ClusterView;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.kubernetes.view.PodState;
import dev.ebb.controlplane.model.DepartureStatus;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import dev.ebb.controlplane.model.Phase;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// What the index asks of Kubernetes: names of the view, lives of the API server.
final class KubernetesCluster implements Cluster {
    private final ClusterView view;
    private final PodReads reads;
    private final Function<String, Optional<ObjectName>> identified;

    /// @param identified the pod with a UID that has shown its token, for one that the informer has
    ///   not told of yet
    KubernetesCluster(
            ClusterView view, PodReads reads, Function<String, Optional<ObjectName>> identified) {
        this.view = view;
        this.reads = reads;
        this.identified = identified;
    }

    @Override
    public Optional<List<ClusterEndpoint>> find(DestinationName destination) {
        return view.find(destination);
    }

    @Override
    public Phase phase(String uid) {
        return view.pod(uid)
                .map(pod -> pod.isLeaving() ? Phase.LEAVING : Phase.SERVING)
                .orElse(Phase.GONE);
    }

    @Override
    public DepartureStatus.Application application(String uid) {
        return view.pod(uid).map(PodState::application).orElse(DepartureStatus.Application.UNKNOWN);
    }

    @Override
    public void read(Instance instance, Consumer<Life> answer) {
        view.pod(instance.uid())
                .map(PodState::name)
                .or(() -> identified.apply(instance.uid()))
                .ifPresentOrElse(
                        name -> reads.read(name, instance.uid(), answer),
                        () -> answer.accept(new Life.CannotTell("no pod is known by this uid")));
    }
}
