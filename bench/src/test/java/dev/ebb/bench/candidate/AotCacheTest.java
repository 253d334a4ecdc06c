package dev.ebb.bench.candidate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AotCacheTest {

    private static final Instant BUILT = Instant.parse("2026-11-23T12:00:00Z");

    @TempDir private Path root;
    private AotCache cache;

    @BeforeEach
    void build() throws IOException {
        cache = AotCache.ofProxy(root);
        Path libraries = Files.createDirectories(cache.program().libraries());
        touch(libraries.resolve("proxy.jar"), BUILT);
        touch(libraries.resolve("netty.jar"), BUILT.minusSeconds(3600));
    }

    @Test
    void aMissingCacheIsStale() throws IOException {
        assertThat(cache.isStale()).isTrue();
    }

    @Test
    void aCacheIsStaleWhenOneJarIsNewer() throws IOException {
        touch(cache.file(), BUILT.minusSeconds(1));

        assertThat(cache.isStale()).isTrue();
    }

    @Test
    void aCacheThatIsNewerThanEveryJarIsGood() throws IOException {
        touch(cache.file(), BUILT.plusSeconds(1));

        assertThat(cache.isStale()).isFalse();
    }

    @Test
    void theTrainingRunHasBothSidesOpenAndWritesTheCacheThatIsUsedLater() {
        var training = cache.training(new Site(root, 18_001, 18_002), 18_004, 18_003);
        var used = cache.used().command("ebb", List.of(), Map.of());

        assertThat(training.arguments()).contains("-XX:AOTCacheOutput=" + cache.file());
        assertThat(training.environment())
                .containsEntry("EBB_PROXY_INBOUND_LISTEN", "127.0.0.1:18001")
                .containsEntry("EBB_PROXY_OUTBOUND_LISTEN", "127.0.0.1:18004");
        assertThat(used.arguments()).contains("-XX:AOTCache=" + cache.file());
    }

    private static void touch(Path file, Instant time) throws IOException {
        Files.writeString(file, "");
        Files.setLastModifiedTime(file, FileTime.from(time));
    }
}
