package dev.ebb.controlplane.kubernetes.view;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The hosts under which Services are asked for: `name.namespace`, with `.svc`, with the domain of
/// the cluster, and by cluster IP; and in front of a name the hostname of one endpoint.
///
/// @see <a href="https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/">DNS for
///   Services and Pods</a>
final class ServiceHosts {
    private final List<String> suffixes;
    private final Map<String, ObjectName> services = new HashMap<>();

    ServiceHosts(String domain) {
        this.suffixes = List.of("", ".svc", ".svc." + domain);
    }

    /// Takes a Service; returns its hosts.
    Set<String> put(ServiceState service) {
        Set<String> hosts = of(service.name(), Optional.of(service), List.of());
        hosts.forEach(host -> services.put(host, service.name()));
        return hosts;
    }

    /// Forgets a Service; returns the hosts that it had. A cluster IP that another Service has got
    /// meanwhile stays with that one.
    Set<String> forget(ServiceState service) {
        Set<String> hosts = of(service.name(), Optional.of(service), List.of());
        hosts.forEach(host -> services.remove(host, service.name()));
        return hosts;
    }

    /// Every host under which something of the Service is asked for.
    ///
    /// @param hostnames of its endpoints
    Set<String> of(ObjectName name, Optional<ServiceState> service, Collection<String> hostnames) {
        Set<String> hosts = new LinkedHashSet<>();
        for (String suffix : suffixes) {
            String host = name.name() + "." + name.namespace() + suffix;
            hosts.add(host);
            hostnames.forEach(hostname -> hosts.add(hostname + "." + host));
        }
        service.ifPresent(state -> state.ips().forEach(ip -> hosts.add(ClusterView.host(ip))));
        return hosts;
    }

    Optional<Found> find(String host) {
        ObjectName service = services.get(host);
        if (service != null) {
            return Optional.of(new Found(service, family(host), Optional.empty()));
        }
        int dot = host.indexOf('.');
        ObjectName parent = dot < 0 ? null : services.get(host.substring(dot + 1));
        return parent == null || family(host.substring(dot + 1)).isPresent()
                ? Optional.empty()
                : Optional.of(
                        new Found(parent, Optional.empty(), Optional.of(host.substring(0, dot))));
    }

    private static Optional<IpFamily> family(String host) {
        if (host.startsWith("[")) {
            return Optional.of(IpFamily.IPV6);
        }
        boolean isIpv4 = host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        return isIpv4 ? Optional.of(IpFamily.IPV4) : Optional.empty();
    }

    /// What a host stands for.
    ///
    /// @param family of the cluster IP that was asked for; empty for a name
    /// @param hostname of the one endpoint that was asked for
    record Found(ObjectName service, Optional<IpFamily> family, Optional<String> hostname) {

        boolean admits(Optional<String> ofEndpoint) {
            return hostname.isEmpty() || hostname.equals(ofEndpoint);
        }
    }
}
