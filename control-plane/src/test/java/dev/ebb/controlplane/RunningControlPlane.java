package dev.ebb.controlplane;

import dev.ebb.controlplane.registry.RegistryException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// A whole control plane in this process, on free loopback ports.
final class RunningControlPlane implements AutoCloseable {
    final ControlPlane controlPlane;

    private RunningControlPlane(StandaloneConfig config) throws IOException, RegistryException {
        controlPlane = new ControlPlane(config, "test");
        controlPlane.start();
    }

    /// One that is warm at once.
    static RunningControlPlane warm() throws IOException, RegistryException {
        return start(Duration.ZERO, Optional.empty(), Optional.empty());
    }

    static RunningControlPlane start(
            Duration warmUp, Optional<Path> registry, Optional<String> token)
            throws IOException, RegistryException {
        return new RunningControlPlane(
                new StandaloneConfig(loopback(), loopback(), registry, warmUp, 4096, token));
    }

    int port() {
        return controlPlane.port();
    }

    @Override
    public void close() {
        try {
            controlPlane.shutDown();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }
}
