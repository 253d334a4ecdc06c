package dev.ebb.bench.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// One running child process and the processes that it has started itself (nginx's workers).
///
/// What it uses is the sum over all of them. It is ended by its own id.
public final class Child {

    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final String name;
    private final Process process;
    private final Path log;

    Child(String name, Process process, Path log) {
        this.name = name;
        this.process = process;
        this.log = log;
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /// The CPU time used since the start.
    public CpuTime cpu() {
        return family().map(member -> ProcFiles.cpu(read(member, "stat")))
                .reduce(CpuTime.ZERO, CpuTime::plus);
    }

    /// The memory in use now. Pages that several members of the family share are counted for each.
    public long residentBytes() {
        return sum(member -> ProcFiles.residentBytes(read(member, "status").lines().toList()));
    }

    /// Waits for the process to end by itself and gives its exit code.
    public int awaitExit(Duration limit) throws IOException, InterruptedException {
        if (!process.waitFor(limit)) {
            throw new IOException(name + ": still runs after " + limit + " (expected: it ends)");
        }
        return process.exitValue();
    }

    /// Sends TERM and gives the time until the process had ended.
    public Duration terminate() throws IOException, InterruptedException {
        long start = System.nanoTime();
        process.destroy();
        awaitExit(Duration.ofSeconds(40));
        return Duration.ofNanos(System.nanoTime() - start);
    }

    /// Ends the process and its own children: TERM, and KILL for what is left after a while.
    void end() {
        List<ProcessHandle> members = family().toList();
        process.destroy();
        try {
            if (!process.waitFor(PATIENCE)) {
                members.forEach(ProcessHandle::destroyForcibly);
                process.waitFor();
            }
        } catch (InterruptedException e) {
            members.forEach(ProcessHandle::destroyForcibly);
            Thread.currentThread().interrupt();
        }
    }

    /// All that it has printed.
    public String output() {
        try {
            return Files.readString(log);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String toString() {
        return name + " (pid " + process.pid() + ", log " + log + ")";
    }

    private Stream<ProcessHandle> family() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private long sum(ToLongFunction<ProcessHandle> value) {
        return family().mapToLong(value).sum();
    }

    private String read(ProcessHandle member, String file) {
        Path path = Path.of("/proc", Long.toString(member.pid()), file);
        try {
            return Files.readString(path);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(this + " has ended; its last words: " + output(), e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
