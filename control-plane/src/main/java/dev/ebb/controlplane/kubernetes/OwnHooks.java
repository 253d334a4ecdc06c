package dev.ebb.controlplane.kubernetes;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.HTTPGetAction;
import io.fabric8.kubernetes.api.model.LifecycleHandler;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Tells which containers of an application have a preStop hook of their own, one that is not the
/// question to the proxy: the kubelet tells them to stop when that ends, whatever the proxy says.
/// Pure.
///
/// @see <a
///   href="https://kubernetes.io/docs/concepts/containers/container-lifecycle-hooks/">Container
///   lifecycle hooks</a>
final class OwnHooks {
    private static final String QUESTION = "/departure";
    private static final int ADMIN_PORT = 4191;

    /// Their names, in the order of the pod.
    static List<String> of(Pod pod) {
        if (pod.getSpec() == null) {
            return List.of();
        }
        Set<Integer> proxyPorts = proxyPorts(pod);
        return FromApi.orEmpty(pod.getSpec().getContainers()).stream()
                .filter(container -> !FromApi.isProxy(container))
                .filter(container ->
                        preStop(container).filter(hook -> !asks(hook, proxyPorts)).isPresent())
                .map(Container::getName)
                .toList();
    }

    private static Optional<LifecycleHandler> preStop(Container container) {
        return Optional.ofNullable(container.getLifecycle())
                .flatMap(lifecycle -> Optional.ofNullable(lifecycle.getPreStop()));
    }

    private static boolean asks(LifecycleHandler hook, Set<Integer> proxyPorts) {
        HTTPGetAction get = hook.getHttpGet();
        return get != null
                && QUESTION.equals(get.getPath())
                && get.getPort() != null
                && proxyPorts.contains(get.getPort().getIntVal());
    }

    /// The admin port that is usual, and whatever the proxy's container declares.
    private static Set<Integer> proxyPorts(Pod pod) {
        Set<Integer> ports = new HashSet<>(Set.of(ADMIN_PORT));
        Stream.of(pod.getSpec().getContainers(), pod.getSpec().getInitContainers())
                .flatMap(containers -> FromApi.orEmpty(containers).stream())
                .filter(FromApi::isProxy)
                .flatMap(proxy -> FromApi.orEmpty(proxy.getPorts()).stream())
                .map(ContainerPort::getContainerPort)
                .forEach(ports::add);
        return ports;
    }

    private OwnHooks() {}
}
