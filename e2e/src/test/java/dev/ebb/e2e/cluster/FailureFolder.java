package dev.ebb.e2e.cluster;

import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What is left of a failed test: what failed, each container's log, the Events, the objects (also
/// pods that have gone, as they were seen last), the control plane's logs and what it says of
/// departures, and each node's log of kube-proxy, which clients outside the mesh go by. What cannot
/// be had is named in its file.
final class FailureFolder {
    private FailureFolder() {}

    static void write(Scene scene, Throwable failure, Path folder) {
        ControlPlane controlPlane = scene.controlPlane();
        write(scene.client(), controlPlane, failure, folder);
        try {
            logs(scene, folder);
            write(folder.resolve("events.txt"), () -> events(scene.client(), scene.namespace()));
            write(folder.resolve("objects.yaml"), () -> objects(scene));
            write(
                    folder.resolve("departures.txt"),
                    () ->
                            controlPlane.departures().stream()
                                    .map(Object::toString)
                                    .collect(Collectors.joining("\n")));
        } catch (IOException | RuntimeException e) {
            Figures.print("%s is not complete: %s".formatted(folder, e));
        }
    }

    /// Where there is no scene, because the control plane did not come.
    static void write(
            KubernetesClient client, ControlPlane controlPlane, Throwable failure, Path folder) {
        try {
            Files.createDirectories(folder);
            StringWriter trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace));
            Files.writeString(folder.resolve("failure.txt"), trace.toString());
            write(
                    folder.resolve("control-plane.events.txt"),
                    () -> events(client, controlPlane.namespace()));
            for (Pod pod : controlPlane.pods()) {
                String name = pod.getMetadata().getName();
                write(folder.resolve(name + ".log"), () -> controlPlane.log(pod));
            }
            for (Node node : client.nodes().list().getItems()) {
                String name = node.getMetadata().getName();
                write(folder.resolve(name + ".kube-proxy.log"), () -> kubeProxy(client, name));
            }
        } catch (IOException | RuntimeException e) {
            Figures.print("%s is not complete: %s".formatted(folder, e));
        }
    }

    private static void logs(Scene scene, Path folder) throws IOException {
        Map<String, List<LogLine>> containers =
                scene.logs().lines().stream()
                        .collect(
                                Collectors.groupingBy(
                                        line -> line.pod() + "." + line.container() + ".log"));
        for (Map.Entry<String, List<LogLine>> each : containers.entrySet()) {
            Files.write(
                    folder.resolve(each.getKey()),
                    each.getValue().stream().map(LogLine::text).toList());
        }
        Files.write(folder.resolve("broken-logs.txt"), scene.logs().troubles());
    }

    /// Where the nodes of our own image have it; a pod's elsewhere.
    private static String kubeProxy(KubernetesClient client, String node) {
        String log = client.raw("/api/v1/nodes/%s/proxy/logs/kube-proxy.log".formatted(node));
        return log == null ? "no /var/log/kube-proxy.log" : log;
    }

    private static String events(KubernetesClient client, String namespace) {
        List<Event> events = client.v1().events().inNamespace(namespace).list().getItems();
        return events.stream()
                .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
                .map(event ->
                        "%s %s %s/%s: %s"
                                .formatted(
                                        event.getMetadata().getCreationTimestamp(),
                                        event.getReason(),
                                        event.getInvolvedObject().getKind(),
                                        event.getInvolvedObject().getName(),
                                        event.getMessage()))
                .collect(Collectors.joining("\n"));
    }

    private static String objects(Scene scene) {
        KubernetesClient client = scene.client();
        String namespace = scene.namespace();
        Stream<HasMetadata> objects =
                Stream.of(
                                scene.logs().pods(),
                                client.services().inNamespace(namespace).list().getItems(),
                                client.discovery()
                                        .v1()
                                        .endpointSlices()
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems(),
                                client.apps()
                                        .deployments()
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems(),
                                client.apps()
                                        .replicaSets()
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems(),
                                client.batch().v1().jobs().inNamespace(namespace).list().getItems(),
                                client.batch()
                                        .v1()
                                        .cronjobs()
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems())
                        .flatMap(List::stream);
        return objects.map(client.getKubernetesSerialization()::asYaml)
                .collect(Collectors.joining("---\n"));
    }

    private static void write(Path file, Callable<String> text) throws IOException {
        String content;
        try {
            content = text.call();
        } catch (Exception e) {
            content = "cannot be had: " + e;
        }
        Files.writeString(file, content);
    }
}
