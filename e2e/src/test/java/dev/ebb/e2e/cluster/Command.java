package dev.ebb.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/// A program of this machine that has ended.
///
/// @param output what it printed, errors too
public record Command(int exitCode, String output) {
    /// Runs a program to its end.
    ///
    /// @throws UncheckedIOException if it cannot be started
    /// @throws IllegalStateException if it has not ended in time; it is killed then
    public static Command run(ProcessBuilder program, Duration limit) {
        try {
            // A pipe would be read to its end, which a program that hangs does not reach.
            Path output = Files.createTempFile("ebb-e2e", ".out");
            try {
                return run(program, output, limit);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("e2e: interrupted", e);
        }
    }

    private static Command run(ProcessBuilder program, Path output, Duration limit)
            throws IOException, InterruptedException {
        Process process = program.redirectErrorStream(true).redirectOutput(output.toFile()).start();
        try {
            if (process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                return new Command(process.exitValue(), Files.readString(output).strip());
            }
            throw new IllegalStateException(
                    "e2e: %s has not ended within %d s; it said: %s"
                            .formatted(
                                    program.command().getFirst(),
                                    limit.toSeconds(),
                                    Files.readString(output).strip()));
        } finally {
            process.destroyForcibly();
        }
    }
}
