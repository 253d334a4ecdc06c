package dev.ebb.controlplane.kubernetes.view;

import dev.ebb.controlplane.cluster.ClusterEndpoint;
import dev.ebb.controlplane.cluster.ClusterEndpoint.Condition;
import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Instance;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// What Services, EndpointSlices and Pods say together; pure.
///
/// A method that changes it returns the hosts of which something else may be said than before: no
/// more than those of the object, and none if nothing that matters has changed. A slice's endpoint
/// counts only together with its pod: so one that comes after its pod's deletion brings nothing
/// back, and a pod's deletion counts at once, however late its slices are.
///
/// Used on the index's writer only.
public final class ClusterView {
    private final ServiceHosts hosts;
    private final Map<ObjectName, ServiceState> services = new HashMap<>();

    /// By Service; in the order of their names, so that answers have a stable order.
    private final Map<ObjectName, Map<ObjectName, SliceState>> slices = new HashMap<>();

    private final Map<ObjectName, ObjectName> serviceOfSlice = new HashMap<>();
    private final Map<String, PodState> pods = new HashMap<>();
    private final Map<String, Set<String>> podsByIp = new HashMap<>();

    /// How many slices of a Service list a pod.
    private final Map<String, Map<ObjectName, Integer>> servicesOfPod = new HashMap<>();

    /// @param domain of the cluster, such as `cluster.local`
    public ClusterView(String domain) {
        this.hosts = new ServiceHosts(domain);
    }

    /// Takes a new or changed Service.
    public Set<String> put(ServiceState service) {
        ServiceState before = services.put(service.name(), service);
        if (service.equals(before)) {
            return Set.of();
        }
        Set<String> changed = hostsOf(service.name());
        if (before != null) {
            changed.addAll(hosts.forget(before));
        }
        changed.addAll(hosts.put(service));
        return changed;
    }

    public Set<String> removeService(ObjectName name) {
        ServiceState service = services.remove(name);
        if (service == null) {
            return Set.of();
        }
        Set<String> changed = hostsOf(name);
        changed.addAll(hosts.forget(service));
        return changed;
    }

    /// Takes a new or changed EndpointSlice.
    public Set<String> put(SliceState slice) {
        SliceState before = find(slice.name());
        if (slice.equals(before)) {
            return Set.of();
        }
        Set<String> changed = before == null ? new LinkedHashSet<>() : removeSlice(slice.name());
        slices.computeIfAbsent(slice.service(), _ -> new TreeMap<>(BY_NAME))
                .put(slice.name(), slice);
        serviceOfSlice.put(slice.name(), slice.service());
        count(slice, 1);
        changed.addAll(hostsOf(slice.service()));
        return changed;
    }

    public Set<String> removeSlice(ObjectName name) {
        SliceState slice = find(name);
        if (slice == null) {
            return new LinkedHashSet<>();
        }
        Set<String> changed = hostsOf(slice.service());
        serviceOfSlice.remove(name);
        slices.computeIfPresent(
                slice.service(),
                (_, others) -> {
                    others.remove(name);
                    return others.isEmpty() ? null : others;
                });
        count(slice, -1);
        return changed;
    }

    /// Takes a new or changed Pod.
    public Set<String> put(PodState pod) {
        PodState before = pods.put(pod.uid(), pod);
        if (pod.equals(before)) {
            return Set.of();
        }
        Set<String> changed = hostsOf(pod);
        if (before != null) {
            changed.addAll(hostsOf(before));
            forgetIps(before);
        }
        pod.ips()
                .forEach(ip ->
                        podsByIp.computeIfAbsent(ip, _ -> new LinkedHashSet<>()).add(pod.uid()));
        return changed;
    }

    public Set<String> removePod(String uid) {
        PodState pod = pods.remove(uid);
        if (pod == null) {
            return Set.of();
        }
        forgetIps(pod);
        return hostsOf(pod);
    }

    public Optional<PodState> pod(String uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    public Collection<PodState> pods() {
        return List.copyOf(pods.values());
    }

    public Collection<ObjectName> services() {
        return List.copyOf(services.keySet());
    }

    public Collection<ObjectName> slices() {
        return List.copyOf(serviceOfSlice.keySet());
    }

    /// The endpoints of a destination; empty if nothing here has this name.
    public Optional<List<ClusterEndpoint>> find(DestinationName destination) {
        Optional<ServiceHosts.Found> found = hosts.find(destination.host());
        if (found.isPresent()) {
            return endpoints(found.get(), destination.port());
        }
        Set<String> uids = podsByIp.get(bare(destination.host()));
        return uids == null
                ? Optional.empty()
                : Optional.of(
                        uids.stream()
                                .map(uid -> endpoint(uid, bare(destination.host()), destination))
                                .flatMap(Optional::stream)
                                .toList());
    }

    private Optional<ClusterEndpoint> endpoint(String uid, String ip, DestinationName asked) {
        return pod(uid).map(pod ->
                new ClusterEndpoint(
                        pod.instance(),
                        new Address(ip, asked.port()),
                        pod.isLeaving() ? Condition.LEAVING : Condition.READY,
                        pod.isMeshed()));
    }

    private Optional<List<ClusterEndpoint>> endpoints(ServiceHosts.Found found, int port) {
        ServiceState service = services.get(found.service());
        if (service == null || !hasName(found)) {
            return Optional.empty();
        }
        String portName = service.ports().get(port);
        boolean headless = service.reach() == ServiceState.Reach.HEADLESS;
        if (portName == null && !headless) {
            return Optional.empty();
        }
        Map<Object, ClusterEndpoint> endpoints = new LinkedHashMap<>();
        for (SliceState slice : slices.getOrDefault(found.service(), Map.of()).values()) {
            // Clients connect to a headless Service at the port that they dial: DNS maps none.
            Integer target = headless ? Integer.valueOf(port) : slice.ports().get(portName);
            if (slice.family() == found.family().orElse(service.primary()) && target != null) {
                slice.endpoints().stream()
                        .filter(member -> found.admits(member.hostname()))
                        .map(member -> endpoint(member, target))
                        .flatMap(Optional::stream)
                        .forEach(each -> endpoints.merge(each.key(), each, ClusterView::readier));
            }
        }
        return Optional.of(List.copyOf(endpoints.values()));
    }

    /// DNS knows the hostname of an endpoint for as long as a slice lists it.
    private boolean hasName(ServiceHosts.Found found) {
        return found.hostname().isEmpty()
                || slices.getOrDefault(found.service(), Map.of()).values().stream()
                        .flatMap(slice -> slice.endpoints().stream())
                        .anyMatch(member -> found.admits(member.hostname()));
    }

    private Optional<ClusterEndpoint> endpoint(SliceState.Member member, int port) {
        Address address = new Address(member.ip(), port);
        if (member.pod().isEmpty()) {
            Instance nobody = new Instance("address:" + member.ip(), member.ip());
            return condition(member.condition())
                    .map(condition -> new ClusterEndpoint(nobody, address, condition, false));
        }
        return pod(member.pod().get()).flatMap(pod -> endpoint(pod, member.condition(), address));
    }

    private static Optional<ClusterEndpoint> endpoint(
            PodState pod, SliceState.Condition condition, Address address) {
        // A pod that has ended has no address any more; somebody else may have it.
        if (!pod.ips().contains(address.ip())) {
            return Optional.empty();
        }
        SliceState.Condition now = pod.isLeaving() ? leaving(condition) : condition;
        return condition(now)
                .map(each -> new ClusterEndpoint(pod.instance(), address, each, pod.isMeshed()));
    }

    private static SliceState.Condition leaving(SliceState.Condition condition) {
        return switch (condition) {
            case READY, TERMINATING -> SliceState.Condition.TERMINATING;
            case NOT_READY, TERMINATED -> SliceState.Condition.TERMINATED;
        };
    }

    private static Optional<Condition> condition(SliceState.Condition condition) {
        return switch (condition) {
            case READY -> Optional.of(Condition.READY);
            case NOT_READY -> Optional.of(Condition.NOT_READY);
            case TERMINATING -> Optional.of(Condition.LEAVING);
            case TERMINATED -> Optional.empty();
        };
    }

    /// While an endpoint moves from one slice to another, both may list it.
    private static ClusterEndpoint readier(ClusterEndpoint a, ClusterEndpoint b) {
        return a.condition() == Condition.READY ? a : b;
    }

    private @Nullable SliceState find(ObjectName slice) {
        ObjectName service = serviceOfSlice.get(slice);
        return service == null ? null : slices.getOrDefault(service, Map.of()).get(slice);
    }

    private void count(SliceState slice, int change) {
        for (SliceState.Member member : slice.endpoints()) {
            member.pod()
                    .ifPresent(uid -> {
                        Map<ObjectName, Integer> services =
                                servicesOfPod.computeIfAbsent(uid, _ -> new HashMap<>());
                        services.merge(slice.service(), change, Integer::sum);
                        services.values().removeIf(count -> count == 0);
                        if (services.isEmpty()) {
                            servicesOfPod.remove(uid);
                        }
                    });
        }
    }

    private void forgetIps(PodState pod) {
        for (String ip : pod.ips()) {
            podsByIp.computeIfPresent(
                    ip,
                    (_, uids) -> {
                        uids.remove(pod.uid());
                        return uids.isEmpty() ? null : uids;
                    });
        }
    }

    private Set<String> hostsOf(PodState pod) {
        Set<String> touched = new LinkedHashSet<>();
        pod.ips().forEach(ip -> touched.add(host(ip)));
        servicesOfPod
                .getOrDefault(pod.uid(), Map.of())
                .keySet()
                .forEach(service -> touched.addAll(hostsOf(service)));
        return touched;
    }

    private Set<String> hostsOf(ObjectName service) {
        List<String> hostnames = new ArrayList<>();
        for (SliceState slice : slices.getOrDefault(service, Map.of()).values()) {
            slice.endpoints().forEach(member -> member.hostname().ifPresent(hostnames::add));
        }
        return hosts.of(service, Optional.ofNullable(services.get(service)), hostnames);
    }

    /// As the host of a destination: an IPv6 literal stands in brackets.
    static String host(String ip) {
        return IpFamily.of(ip) == IpFamily.IPV4 ? ip : "[" + ip + "]";
    }

    private static String bare(String host) {
        return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
    }

    private static final Comparator<ObjectName> BY_NAME =
            Comparator.comparing(ObjectName::namespace).thenComparing(ObjectName::name);
}
