package dev.ebb.controlplane.kubernetes.view;

import dev.ebb.controlplane.model.Address;
import dev.ebb.controlplane.model.DepartureStatus.Application;
import dev.ebb.controlplane.model.DepartureStatus.Deletion;
import dev.ebb.controlplane.model.DestinationName;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// A cluster that changes at random, as an API server lets it: names and addresses are used again,
/// UIDs are not, a deletion is for ever, and slices may be late. It knows by simple means what
/// should be found, and tells its news kind by kind, each kind in order.
final class RandomCluster {
    private static final List<String> NAMES = List.of("web", "api", "db");
    private static final List<String> CLUSTER_IPS =
            List.of("10.96.0.1", "10.96.0.2", "10.96.0.3", "10.96.0.4");
    private static final List<String> POD_IPS =
            List.of("10.1.0.1", "10.1.0.2", "10.1.0.3", "10.1.0.4");
    private static final List<Map<Integer, String>> SERVICE_PORTS =
            List.of(Map.of(80, "http"), Map.of(80, ""), Map.of(80, "http", 81, "more"));
    private static final List<Map<String, Integer>> SLICE_PORTS =
            List.of(Map.of("http", 8080), Map.of("", 8081), Map.of("http", 8080, "more", 9090));

    /// Everything that anybody may ask for.
    static final List<DestinationName> DESTINATIONS =
            Stream.of(
                            NAMES.stream().map(name -> name + ".shop"),
                            NAMES.stream().map(name -> name + ".shop.svc.cluster.local"),
                            NAMES.stream().map(name -> "host-1." + name + ".shop.svc"),
                            CLUSTER_IPS.stream(),
                            POD_IPS.stream())
                    .flatMap(hosts -> hosts)
                    .flatMap(host -> Stream.of(host + ":80", host + ":81"))
                    .map(DestinationName::parse)
                    .toList();

    private final Random random;
    private final Map<String, ServiceState> services = new HashMap<>();
    private final Map<String, SliceState> slices = new TreeMap<>();
    private final Map<String, PodState> pods = new HashMap<>();
    private final List<String> everUid = new ArrayList<>();
    private final Set<String> toldGone = new HashSet<>();

    /// One queue a kind.
    private final List<Deque<News>> news =
            List.of(new ArrayDeque<>(), new ArrayDeque<>(), new ArrayDeque<>());

    RandomCluster(Random random) {
        this.random = random;
    }

    /// Changes one thing.
    void change() {
        switch (random.nextInt(8)) {
            case 0 -> putService();
            case 1 -> removeService();
            case 2, 3 -> putSlice();
            case 4 -> removeSlice();
            case 5 -> addPod();
            case 6 -> deletePod();
            default -> endPod();
        }
    }

    /// The next news of some kind; empty when all has been told.
    Optional<News> news() {
        List<Deque<News>> waiting = news.stream().filter(kind -> !kind.isEmpty()).toList();
        return waiting.isEmpty() ? Optional.empty() : Optional.of(any(waiting).removeFirst());
    }

    /// Whether the view has been told that the pod is there no more.
    boolean wasToldGone(String uid) {
        return toldGone.contains(uid);
    }

    /// What is to be found when everything has been told.
    Set<String> expected(DestinationName asked) {
        for (ServiceState service : services.values()) {
            String name = service.name().name() + ".shop";
            for (String suffix : List.of("", ".svc", ".svc.cluster.local")) {
                if (asked.host().equals(name + suffix)) {
                    return expected(service, asked.port(), Optional.empty());
                }
                if (asked.host().equals("host-1." + name + suffix)) {
                    return expected(service, asked.port(), Optional.of("host-1"));
                }
            }
            if (service.ips().contains(asked.host())) {
                return expected(service, asked.port(), Optional.empty());
            }
        }
        Set<String> found = new TreeSet<>();
        pods.values().stream()
                .filter(pod -> pod.ips().contains(asked.host()))
                .forEach(pod ->
                        found.add(
                                words(
                                        pod.uid(),
                                        asked.host(),
                                        asked.port(),
                                        pod.isLeaving() ? "LEAVING" : "READY")));
        return found.isEmpty() ? Set.of("unknown") : found;
    }

    private Set<String> expected(ServiceState service, int port, Optional<String> hostname) {
        boolean isNamed =
                slices.values().stream()
                        .filter(slice -> slice.service().equals(service.name()))
                        .flatMap(slice -> slice.endpoints().stream())
                        .anyMatch(member -> member.hostname().isPresent());
        if (hostname.isPresent() && !isNamed) {
            return Set.of("unknown");
        }
        boolean headless = service.reach() == ServiceState.Reach.HEADLESS;
        if (!headless && !service.ports().containsKey(port)) {
            return Set.of("unknown");
        }
        Map<String, String> best = new HashMap<>();
        for (SliceState slice : slices.values()) {
            Optional<Integer> target =
                    headless
                            ? Optional.of(port)
                            : Optional.ofNullable(service.ports().get(port))
                                    .flatMap(
                                            named -> Optional.ofNullable(slice.ports().get(named)));
            if (!slice.service().equals(service.name()) || target.isEmpty()) {
                continue;
            }
            for (SliceState.Member member : slice.endpoints()) {
                if (hostname.isEmpty() || hostname.equals(member.hostname())) {
                    state(member)
                            .ifPresent(state -> {
                                String key =
                                        member.pod().orElseThrow()
                                                + " "
                                                + new Address(member.ip(), target.get());
                                // Listed twice, it is ready if it is ready anywhere; else the first
                                // counts,
                                // or the last that is ready.
                                best.merge(key, state, (a, b) -> a.equals("READY") ? a : b);
                            });
                }
            }
        }
        Set<String> found = new TreeSet<>();
        best.forEach((key, state) -> found.add(key + " " + state));
        return found;
    }

    private Optional<String> state(SliceState.Member member) {
        PodState pod = pods.get(member.pod().orElseThrow());
        if (pod == null || !pod.ips().contains(member.ip())) {
            return Optional.empty();
        }
        return switch (member.condition()) {
            case READY -> Optional.of(pod.isLeaving() ? "LEAVING" : "READY");
            case TERMINATING -> Optional.of("LEAVING");
            case NOT_READY -> pod.isLeaving() ? Optional.empty() : Optional.of("NOT_READY");
            case TERMINATED -> Optional.empty();
        };
    }

    private void putService() {
        String name = any(NAMES);
        Set<String> taken = new HashSet<>();
        services.values().stream()
                .filter(other -> !other.name().name().equals(name))
                .forEach(other -> taken.addAll(other.ips()));
        List<String> free = CLUSTER_IPS.stream().filter(ip -> !taken.contains(ip)).toList();
        boolean headless = random.nextInt(3) == 0;
        ServiceState service =
                new ServiceState(
                        new ObjectName("shop", name),
                        headless ? ServiceState.Reach.HEADLESS : ServiceState.Reach.CLUSTER_IP,
                        headless ? List.of() : List.of(any(free)),
                        IpFamily.IPV4,
                        any(SERVICE_PORTS));
        services.put(name, service);
        news.get(0).add(view -> view.put(service));
    }

    private void removeService() {
        String name = any(NAMES);
        if (services.remove(name) != null) {
            news.get(0).add(view -> view.removeService(new ObjectName("shop", name)));
        }
    }

    private void putSlice() {
        if (everUid.isEmpty()) {
            return;
        }
        String name = "slice-" + random.nextInt(4);
        List<SliceState.Member> members = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            members.add(
                    new SliceState.Member(
                            any(POD_IPS),
                            Optional.of(any(everUid)),
                            random.nextBoolean() ? Optional.of("host-1") : Optional.empty(),
                            any(List.of(SliceState.Condition.values()))));
        }
        SliceState slice =
                new SliceState(
                        new ObjectName("shop", name),
                        new ObjectName("shop", any(NAMES)),
                        IpFamily.IPV4,
                        any(SLICE_PORTS),
                        members);
        slices.put(name, slice);
        news.get(1).add(view -> view.put(slice));
    }

    private void removeSlice() {
        String name = "slice-" + random.nextInt(4);
        if (slices.remove(name) != null) {
            news.get(1).add(view -> view.removeSlice(new ObjectName("shop", name)));
        }
    }

    private void addPod() {
        String uid = "uid-" + everUid.size();
        everUid.add(uid);
        put(pod(uid, List.of(any(POD_IPS)), Optional.empty()));
    }

    private void deletePod() {
        anyPod().ifPresent(pod ->
                put(
                        pod(
                                pod.uid(),
                                pod.ips(),
                                Optional.of(
                                        Deletion.within(
                                                Duration.ofSeconds(1 + random.nextInt(30)))))));
    }

    /// It loses its address, or goes altogether.
    private void endPod() {
        anyPod().ifPresent(pod -> {
            if (random.nextBoolean()) {
                put(pod(pod.uid(), List.of(), pod.leaving()));
            } else {
                pods.remove(pod.uid());
                news.get(2)
                        .add(view -> {
                            toldGone.add(pod.uid());
                            return view.removePod(pod.uid());
                        });
            }
        });
    }

    private void put(PodState pod) {
        pods.put(pod.uid(), pod);
        news.get(2).add(view -> view.put(pod));
    }

    private Optional<PodState> anyPod() {
        List<String> uids = pods.keySet().stream().sorted().toList();
        return uids.isEmpty() ? Optional.empty() : Optional.ofNullable(pods.get(any(uids)));
    }

    private static PodState pod(String uid, List<String> ips, Optional<Deletion> leaving) {
        return new PodState(
                new ObjectName("shop", "pod-" + uid),
                uid,
                ips,
                PodState.Mesh.MESHED,
                leaving,
                Application.RUNNING);
    }

    private <T> T any(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String words(String uid, String ip, int port, String state) {
        return uid + " " + new Address(ip, port) + " " + state;
    }

    /// One piece of news.
    interface News {

        /// Tells it; returns the hosts that it touches.
        Set<String> tell(ClusterView view);
    }
}
