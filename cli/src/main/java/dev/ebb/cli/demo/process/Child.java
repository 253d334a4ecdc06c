package dev.ebb.cli.demo.process;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One process that was started. Safe for use by several threads.
public final class Child {
    private static final int TAIL_LINES = 5;

    private final String name;
    private final Process process;
    private final Path log;
    private volatile List<ProcessHandle> descendants = List.of();

    Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public String name() {
        return name;
    }

    public long pid() {
        return process.pid();
    }

    public boolean hasEnded() {
        return !runs(process.toHandle()) && descendants.stream().noneMatch(Child::runs);
    }

    /// Sends TERM to this process alone. What it has started by now is remembered, so that it can
    /// be killed even if this process ends without it.
    public void terminate() {
        rememberDescendants();
        process.destroy();
    }

    /// Ends this process and all that it started, at once.
    public void kill() {
        tree().forEach(ProcessHandle::destroyForcibly);
    }

    /// The exit code; empty if the process did not end in time.
    public OptionalInt awaitExit(Duration limit) throws InterruptedException {
        return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)
                ? OptionalInt.of(process.exitValue())
                : OptionalInt.empty();
    }

    /// The last lines that the process wrote, for an error message.
    public String lastWords() {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.ISO_8859_1);
            return String.join(
                    "\n", lines.subList(Math.max(0, lines.size() - TAIL_LINES), lines.size()));
        } catch (IOException e) {
            return "";
        }
    }

    /// This process and all that it started, as far as they live.
    List<ProcessHandle> tree() {
        rememberDescendants();
        return Stream.concat(Stream.of(process.toHandle()), descendants.stream())
                .filter(Child::runs)
                .toList();
    }

    /// A process that has ended but whose exit code nobody has read is alive to Java; it has no
    /// command any more.
    static boolean runs(ProcessHandle process) {
        return process.isAlive() && process.info().command().isPresent();
    }

    private void rememberDescendants() {
        if (process.isAlive()) {
            descendants = process.descendants().toList();
        }
    }
}
