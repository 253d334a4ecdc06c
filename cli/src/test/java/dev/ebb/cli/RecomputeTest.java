package dev.ebb.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.ebb.cli.demo.load.Outcome;
import dev.ebb.cli.demo.load.RequestRecord;
import dev.ebb.cli.demo.report.Evidence;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is said of evidence that is not of a whole run.
class RecomputeTest {
    @TempDir private Path directory;
    private final StringWriter err = new StringWriter();

    @Test
    void runThatWasCutShortIsSaidToProveLess() throws IOException {
        plainThatLost();
        Files.createDirectories(new Evidence(directory, "ebb").origins());

        assertThat(recompute()).isZero();

        assertThat(err.toString())
                .contains(
                        "\nnot proved: ebb did not finish, so nothing shows that Ebb loses nothing\n");
    }

    @Test
    void runOfOneScenarioIsSaidToProveLess() throws IOException {
        plainThatLost();

        assertThat(recompute()).isZero();

        assertThat(err.toString())
                .contains(
                        "\nnot proved: ebb was not run, so nothing shows that Ebb loses nothing\n");
    }

    private void plainThatLost() throws IOException {
        Evidence plain = new Evidence(directory, "plain");
        RequestRecord lost =
                new RequestRecord("a", "client-slow", "GET", 0, 1, 2, new Outcome.Lost("cut"));
        plain.write(List.of(lost), List.of(), List.of());
        Files.createDirectories(plain.origins());
    }

    private int recompute() {
        return Main.run(
                new ByteArrayOutputStream(),
                new PrintWriter(err),
                "demo",
                "--recompute",
                directory.toString());
    }
}
