package dev.ebb.controlplane.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.controlplane.model.DestinationName;
import dev.ebb.controlplane.model.Registry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Edits of a registry file that is watched.
class RegistryWatchTest {
    private static final String REFUSED = "refused";

    /// What was heard: the registries, and [#REFUSED].
    private final BlockingQueue<Object> heard = new LinkedBlockingQueue<>();

    private final Path file;
    private final RegistryWatch watch;
    private volatile @Nullable DestinationName unbearable;

    RegistryWatchTest(@TempDir Path folder) {
        file = folder.resolve("registry.yaml");
        watch = new RegistryWatch(file, this::take, () -> heard.add(REFUSED));
    }

    @BeforeEach
    void start() throws Exception {
        edit("services: {a:1: {}}");
        watch.start();
        assertThat(next()).isEqualTo(registryOf("a:1"));
    }

    @AfterEach
    void stop() {
        watch.close();
    }

    @Test
    void editAfterAnEmptyItemIsApplied() throws Exception {
        edit("services: {a:1: {endpoints: [null]}}");
        assertThat(next()).isEqualTo(REFUSED);

        edit("services: {b:1: {}}");

        assertThat(next()).isEqualTo(registryOf("b:1"));
    }

    @Test
    void editAfterADefectIsApplied() throws Exception {
        unbearable = DestinationName.parse("b:1");
        edit("services: {b:1: {}}");
        assertThat(next()).isEqualTo(REFUSED);

        edit("services: {c:1: {}}");

        assertThat(next()).isEqualTo(registryOf("c:1"));
    }

    private void take(Registry registry) {
        if (unbearable != null && registry.services().containsKey(unbearable)) {
            throw new IllegalStateException("a defect");
        }
        heard.add(registry);
    }

    private @Nullable Object next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }

    /// As an editor does that is never seen half-way.
    private void edit(String yaml) throws Exception {
        Path draft = Files.writeString(file.resolveSibling("draft"), yaml);
        Files.move(
                draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static Registry registryOf(String name) {
        return new Registry(Map.of(DestinationName.parse(name), List.of()));
    }
}
