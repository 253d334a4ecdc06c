package dev.ebb.controlplane.kubernetes.view;

import java.util.List;
import java.util.Map;

/// What matters of a Service.
///
/// @param ips its cluster IPs, canonical, the primary one first; none if it is headless
/// @param primary the family in which its name is answered
/// @param ports the names of its TCP ports by number; a Service's only port may have the name ""
public record ServiceState(
        ObjectName name,
        Reach reach,
        List<String> ips,
        IpFamily primary,
        Map<Integer, String> ports) {

    public ServiceState {
        ips = List.copyOf(ips);
        ports = Map.copyOf(ports);
    }

    /// How clients reach its endpoints.
    public enum Reach {
        /// By an IP of its own, which stands for all of them.
        CLUSTER_IP,
        /// By their own addresses.
        HEADLESS
    }
}
