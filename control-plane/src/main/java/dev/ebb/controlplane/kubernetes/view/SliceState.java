package dev.ebb.controlplane.kubernetes.view;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What matters of an EndpointSlice.
///
/// @param service that it belongs to
/// @param ports where its endpoints listen, by the name of the Service's port
public record SliceState(
        ObjectName name,
        ObjectName service,
        IpFamily family,
        Map<String, Integer> ports,
        List<Member> endpoints) {

    public SliceState {
        ports = Map.copyOf(ports);
        endpoints = List.copyOf(endpoints);
    }

    /// One endpoint of a slice.
    ///
    /// @param ip canonical
    /// @param pod the UID of the pod that it is; empty where somebody wrote the slice by hand
    /// @param hostname under which DNS knows it within its Service
    public record Member(
            String ip, Optional<String> pod, Optional<String> hostname, Condition condition) {}

    /// The three conditions of an endpoint, in one word.
    ///
    /// @see <a
    ///   href="https://kubernetes.io/docs/concepts/services-networking/endpoint-slices/#conditions">Conditions</a>
    public enum Condition {
        READY,
        /// Neither ready nor terminating.
        NOT_READY,
        /// Terminating, and still serving.
        TERMINATING,
        /// Terminating, and serving no more.
        TERMINATED
    }
}
