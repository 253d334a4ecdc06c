package dev.ebb.images;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraineeTest {

    @TempDir private Path directory;
    private Path tree;
    private Trainee trainee;

    @BeforeEach
    void layOut() throws IOException {
        tree = directory.resolve("tree");
        Files.createDirectories(tree.resolve("ebb"));
        Files.write(
                tree.resolve("ebb/ebb-proxy.args"),
                List.of(
                        "# A comment.",
                        "-Xmx24m",
                        "-XX:AOTCache=/ebb/ebb-proxy.aot",
                        "-cp",
                        "\"/ebb/app/proxy.jar:/ebb/lib/netty.jar\"",
                        "dev.ebb.proxy.Main"));
        trainee = new Trainee("ebb-proxy", tree, directory.resolve("ebb-proxy.aot"));
    }

    @Test
    void theJvmIsTheImagesOwn() {
        assertThat(trainee.command(List.of("--flag")))
                .containsExactly(
                        tree + "/ebb/jre/bin/java", "@" + directory + "/ebb-proxy.args", "--flag");
    }

    @Test
    void theOptionsAreThoseOfTheImageButForTheCacheThatIsWrittenAndNotRead() throws IOException {
        trainee.command(List.of());

        assertThat(Files.readAllLines(directory.resolve("ebb-proxy.args")))
                .containsExactly(
                        "# A comment.",
                        "-Xmx24m",
                        "\"-XX:AOTCacheOutput=" + directory + "/ebb-proxy.aot\"",
                        "-cp",
                        "\"%s/ebb/app/proxy.jar:%s/ebb/lib/netty.jar\"".formatted(tree, tree),
                        "dev.ebb.proxy.Main");
    }
}
