package dev.ebb.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.proto.destination.v1.ControlMessage;
import dev.ebb.proto.destination.v1.Delta;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Edits of the registry file while the control plane runs.
class RegistryIT {
    private static final String DATABASE = "db.demo:5432";
    private static final String ERRORS = "ebb_control_registry_reload_errors_total";

    @TempDir private Path directory;

    @Test
    void editAppliesAtOnce() throws Exception {
        Path file = write("registry.yaml", "10.0.0.1");
        try (RunningControlPlane controlPlane = start(file);
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, DATABASE);
            String before =
                    client.next().getSnapshot().getEndpoints(0).getKey().getAddress().getIp();

            write("registry.yaml", "10.0.0.2");
            Delta delta = client.next().getDelta();

            assertThat(before).isEqualTo("10.0.0.1");
            assertThat(delta.getChanged(0).getKey().getAddress().getIp()).isEqualTo("10.0.0.2");
            assertThat(delta.getChanged(0).getMeshed()).isFalse();
            assertThat(delta.getRemoved(0).getAddress().getIp()).isEqualTo("10.0.0.1");
        }
    }

    @Test
    void editByRenameIsSeen() throws Exception {
        Path file = write("registry.yaml", "10.0.0.1");
        try (RunningControlPlane controlPlane = start(file);
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, DATABASE).awaitSnapshot(1);

            Path edited = write("registry.yaml.swp", "10.0.0.2");
            Files.move(edited, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(client.next().hasDelta()).isTrue();
        }
    }

    @Test
    void editBySwappedSymbolicLinkIsSeen() throws Exception {
        write("first", "10.0.0.1");
        write("second", "10.0.0.2");
        Path file = directory.resolve("registry.yaml");
        Files.createSymbolicLink(file, Path.of("first"));
        try (RunningControlPlane controlPlane = start(file);
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, DATABASE).awaitSnapshot(1);

            Path link = directory.resolve("new-link");
            Files.createSymbolicLink(link, Path.of("second"));
            Files.move(link, file, StandardCopyOption.ATOMIC_MOVE);

            assertThat(client.next().hasDelta()).isTrue();
        }
    }

    @Test
    void invalidEditIsRefusedOnceAndTheLastGoodStateStays() throws Exception {
        Path file = write("registry.yaml", "10.0.0.1");
        try (RunningControlPlane controlPlane = start(file);
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, DATABASE).awaitSnapshot(1);

            Files.writeString(file, "services: {");
            await().atMost(Duration.ofSeconds(10)).until(() -> controlPlane.metric(ERRORS) == 1);
            write("registry.yaml", "10.0.0.2");
            ControlMessage next = client.next();

            assertThat(next.getDelta().getBase()).as("nothing in between").isEqualTo(1);
            assertThat(next.getDelta().getChanged(0).getKey().getAddress().getIp())
                    .isEqualTo("10.0.0.2");
            assertThat(controlPlane.metric(ERRORS)).isEqualTo(1);
        }
    }

    @Test
    void fileThatDisappearsLeavesTheLastGoodState() throws Exception {
        Path file = write("registry.yaml", "10.0.0.1");
        try (RunningControlPlane controlPlane = start(file);
                StreamClient client = StreamClient.connect(controlPlane.port(), "client")) {
            client.subscribe(1, DATABASE).awaitSnapshot(1);

            Files.delete(file);
            await().atMost(Duration.ofSeconds(10)).until(() -> controlPlane.metric(ERRORS) == 1);
            client.subscribe(2, DATABASE);

            assertThat(client.next().getSnapshot().getEndpointsList()).hasSize(1);
        }
    }

    @Test
    void invalidFileAtTheStartEndsIt() throws Exception {
        Path file = Files.writeString(directory.resolve("registry.yaml"), "services: 1");

        assertThatThrownBy(() -> start(file))
                .isInstanceOf(RegistryException.class)
                .hasMessageStartingWith(file + ":1: ");
    }

    private static RunningControlPlane start(Path file) throws Exception {
        return RunningControlPlane.start(Duration.ZERO, Optional.of(file), Optional.empty());
    }

    private Path write(String name, String ip) throws Exception {
        return Files.writeString(
                directory.resolve(name),
                """
                services:
                  "%s":
                    endpoints:
                      - { address: "%s:5432", meshed: false }
                """
                        .formatted(DATABASE, ip));
    }
}
