package dev.ebb.controlplane.kubernetes;

import dev.ebb.controlplane.kubernetes.view.IpFamily;
import dev.ebb.controlplane.kubernetes.view.ObjectName;
import dev.ebb.controlplane.kubernetes.view.PodState;
import dev.ebb.controlplane.kubernetes.view.ServiceState;
import dev.ebb.controlplane.kubernetes.view.SliceState;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodIP;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import io.fabric8.kubernetes.api.model.discovery.v1.Endpoint;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointConditions;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointPort;
import io.fabric8.kubernetes.api.model.discovery.v1.EndpointSlice;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads objects of the API server into values; pure. Anything that an object may leave out has the
/// meaning that the API gives to its absence.
final class FromApi {
    /// The proxy's container, in both shapes.
    static final String PROXY = "ebb-proxy";

    private static final String SERVICE_LABEL = "kubernetes.io/service-name";
    private static final int ANY_PORT = 1;

    static ObjectName name(HasMetadata object) {
        ObjectMeta meta = object.getMetadata();
        return new ObjectName(meta.getNamespace(), meta.getName());
    }

    /// Empty if no endpoint can be reached by the Service: it is only another name of something
    /// outside.
    static Optional<ServiceState> service(Service service) {
        ServiceSpec spec = service.getSpec();
        if (spec == null || "ExternalName".equals(spec.getType())) {
            return Optional.empty();
        }
        List<String> ips = ips(orEmpty(spec.getClusterIPs()).stream(), spec.getClusterIP());
        Map<Integer, String> ports = new HashMap<>();
        for (ServicePort port : orEmpty(spec.getPorts())) {
            if (isTcp(port.getProtocol())) {
                ports.put(port.getPort(), Objects.requireNonNullElse(port.getName(), ""));
            }
        }
        return Optional.of(
                new ServiceState(
                        name(service),
                        ips.isEmpty() ? ServiceState.Reach.HEADLESS : ServiceState.Reach.CLUSTER_IP,
                        ips,
                        primary(spec),
                        ports));
    }

    /// Empty if it belongs to no Service, or if its addresses are names.
    static Optional<SliceState> slice(EndpointSlice slice) {
        Map<String, String> labels = slice.getMetadata().getLabels();
        String service = labels == null ? null : labels.get(SERVICE_LABEL);
        if (service == null || "FQDN".equals(slice.getAddressType())) {
            return Optional.empty();
        }
        Map<String, Integer> ports = new HashMap<>();
        for (EndpointPort port : orEmpty(slice.getPorts())) {
            if (isTcp(port.getProtocol()) && port.getPort() != null) {
                ports.put(Objects.requireNonNullElse(port.getName(), ""), port.getPort());
            }
        }
        List<SliceState.Member> members = new ArrayList<>();
        for (Endpoint endpoint : orEmpty(slice.getEndpoints())) {
            member(endpoint).ifPresent(members::add);
        }
        return Optional.of(
                new SliceState(
                        name(slice),
                        new ObjectName(slice.getMetadata().getNamespace(), service),
                        "IPv6".equals(slice.getAddressType()) ? IpFamily.IPV6 : IpFamily.IPV4,
                        ports,
                        members));
    }

    static PodState pod(Pod pod) {
        PodSpec spec = pod.getSpec();
        // The address of a pod that has ended may be another's; that of the node is not its own.
        boolean hasAddress =
                !hasEnded(pod) && !(spec != null && Boolean.TRUE.equals(spec.getHostNetwork()));
        Stream<String> all =
                pod.getStatus() == null
                        ? Stream.empty()
                        : orEmpty(pod.getStatus().getPodIPs()).stream().map(PodIP::getIp);
        String only = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return new PodState(
                name(pod),
                pod.getMetadata().getUid(),
                hasAddress ? ips(all, only) : List.of(),
                spec != null && isMeshed(spec) ? PodState.Mesh.MESHED : PodState.Mesh.UNMESHED,
                leaving(pod),
                application(pod));
    }

    /// Of a pod that it stops the kubelet writes no container's status until all of them have
    /// ended, the proxy's included: so "not terminated" tells nothing then.
    private static Application application(Pod pod) {
        if (pod.getSpec() != null && ApplicationEnd.isGone(pod)) {
            return Application.GONE;
        }
        return pod.getMetadata().getDeletionTimestamp() == null
                ? Application.RUNNING
                : Application.UNKNOWN;
    }

    /// Whether somebody has deleted the pod, and what that means.
    static Optional<Deletion> leaving(Pod pod) {
        ObjectMeta meta = pod.getMetadata();
        if (meta.getDeletionTimestamp() == null) {
            return Optional.empty();
        }
        Long seconds = meta.getDeletionGracePeriodSeconds();
        Duration grace = Duration.ofSeconds(seconds == null ? 0 : Math.max(0, seconds));
        return Optional.of(new Deletion(Optional.of(grace), OwnHooks.of(pod)));
    }

    private static boolean hasEnded(Pod pod) {
        String phase = pod.getStatus() == null ? null : pod.getStatus().getPhase();
        return "Succeeded".equals(phase) || "Failed".equals(phase);
    }

    private static boolean isMeshed(PodSpec spec) {
        return orEmpty(spec.getContainers()).stream().anyMatch(FromApi::isProxy)
                || orEmpty(spec.getInitContainers()).stream()
                        .anyMatch(container ->
                                isProxy(container)
                                        && "Always".equals(container.getRestartPolicy()));
    }

    static boolean isProxy(Container container) {
        return PROXY.equals(container.getName());
    }

    private static Optional<SliceState.Member> member(Endpoint endpoint) {
        return orEmpty(endpoint.getAddresses()).stream()
                .findFirst()
                .flatMap(FromApi::canonical)
                .map(ip ->
                        new SliceState.Member(
                                ip,
                                podUid(endpoint),
                                Optional.ofNullable(endpoint.getHostname()),
                                condition(endpoint.getConditions())));
    }

    private static Optional<String> podUid(Endpoint endpoint) {
        return Optional.ofNullable(endpoint.getTargetRef())
                .filter(target -> "Pod".equals(target.getKind()))
                .flatMap(target -> Optional.ofNullable(target.getUid()));
    }

    /// An absent `ready` means true, an absent `serving` means what `ready` says, an absent
    /// `terminating` means false.
    private static SliceState.Condition condition(@Nullable EndpointConditions conditions) {
        if (conditions == null) {
            return SliceState.Condition.READY;
        }
        boolean ready = !Boolean.FALSE.equals(conditions.getReady());
        Boolean saysServing = conditions.getServing();
        boolean serving = saysServing == null ? ready : saysServing;
        if (Boolean.TRUE.equals(conditions.getTerminating())) {
            return serving ? SliceState.Condition.TERMINATING : SliceState.Condition.TERMINATED;
        }
        return ready ? SliceState.Condition.READY : SliceState.Condition.NOT_READY;
    }

    private static IpFamily primary(ServiceSpec spec) {
        return orEmpty(spec.getIpFamilies()).stream().findFirst().equals(Optional.of("IPv6"))
                ? IpFamily.IPV6
                : IpFamily.IPV4;
    }

    private static boolean isTcp(@Nullable String protocol) {
        return protocol == null || protocol.equals("TCP");
    }

    /// All addresses, or the only one where there is no list.
    private static List<String> ips(Stream<String> all, @Nullable String only) {
        List<String> ips = all.map(FromApi::canonical).flatMap(Optional::stream).toList();
        return ips.isEmpty() && only != null ? canonical(only).stream().toList() : ips;
    }

    /// Empty for what is no address, such as `None`.
    private static Optional<String> canonical(String ip) {
        try {
            return Optional.of(new Address(ip, ANY_PORT).ip());
        } catch (IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : list;
    }

    private FromApi() {}
}
