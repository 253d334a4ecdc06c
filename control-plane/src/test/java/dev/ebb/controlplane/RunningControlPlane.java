package dev.ebb.controlplane;

import dev.ebb.controlplane.kubernetes.KubernetesSettings;
import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.proto.destination.v1.EndpointsRequest;
import dev.ebb.proto.destination.v1.InspectGrpc;
import io.grpc.ManagedChannel;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A whole control plane in this process, on free loopback ports.
final class RunningControlPlane implements AutoCloseable {
    final ControlPlane controlPlane;
    private final HttpClient http = HttpClient.newHttpClient();

    private RunningControlPlane(ControlPlane controlPlane) throws IOException, RegistryException {
        this.controlPlane = controlPlane;
        controlPlane.start();
    }

    /// One of a cluster that is warm as soon as it is ready.
    ///
    /// @param watchSilence after which a watch is begun anew
    /// @param newsDelay how late news are taken
    static RunningControlPlane kubernetes(
            Path kubeconfig, Duration watchSilence, Duration newsDelay) throws Exception {
        KubernetesSettings cluster =
                new KubernetesSettings(
                        Optional.of(kubeconfig),
                        Optional.empty(),
                        "cluster.local",
                        watchSilence,
                        newsDelay);
        return new RunningControlPlane(
                ControlPlane.kubernetes(
                        new KubernetesConfig(server(Duration.ZERO, 4096), cluster), "test"));
    }

    /// One that is warm at once.
    static RunningControlPlane warm() throws IOException, RegistryException {
        return start(Duration.ZERO, Optional.empty(), Optional.empty());
    }

    static RunningControlPlane start(
            Duration warmUp, Optional<Path> registry, Optional<String> token)
            throws IOException, RegistryException {
        return start(new StandaloneConfig(server(warmUp, 4096), registry, token));
    }

    /// One that lets each address have so many calls at once.
    static RunningControlPlane withCallsPerPeer(int max) throws IOException, RegistryException {
        return start(
                new StandaloneConfig(
                        server(Duration.ZERO, max), Optional.empty(), Optional.empty()));
    }

    private static RunningControlPlane start(StandaloneConfig config)
            throws IOException, RegistryException {
        return new RunningControlPlane(ControlPlane.standalone(config, "test"));
    }

    int port() {
        return controlPlane.port();
    }

    /// The body of an admin path.
    String get(String path) throws IOException, InterruptedException {
        return respond(path).body();
    }

    int status(String path) throws IOException, InterruptedException {
        return respond(path).statusCode();
    }

    /// The value of a metric without labels.
    double metric(String name) throws IOException, InterruptedException {
        return get("/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .sum();
    }

    /// The addresses that are published of a destination, without their ports.
    List<String> endpoints(String destination) {
        ManagedChannel channel = StreamClient.channel(port());
        try {
            return InspectGrpc.newBlockingStub(channel)
                    .endpoints(EndpointsRequest.newBuilder().setDestination(destination).build())
                    .getEndpointsList()
                    .stream()
                    .map(each -> each.getEndpoint().getKey().getAddress().getIp())
                    .sorted()
                    .toList();
        } finally {
            channel.shutdownNow();
        }
    }

    private HttpResponse<String> respond(String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + controlPlane.adminPort() + path);
        return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString());
    }

    @Override
    public void close() {
        try {
            controlPlane.shutDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static ServerConfig server(Duration warmUp, int maxCallsPerPeer) {
        return new ServerConfig(loopback(), loopback(), warmUp, maxCallsPerPeer);
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
