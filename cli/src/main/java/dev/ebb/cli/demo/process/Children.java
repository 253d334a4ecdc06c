package dev.ebb.cli.demo.process;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// All processes that were started and their descendants. [#close] kills what still lives and waits
/// for it; nothing can be started any more afterwards, so a start that races with the end leaves no
/// process behind either. Safe for use by several threads.
public final class Children implements AutoCloseable {
    private static final Duration END = Duration.ofSeconds(5);

    private final Path logs;
    private final List<Child> children = new ArrayList<>();
    private boolean closed;

    /// No children yet.
    ///
    /// @param logs where the output of the children goes, one file each
    public Children(Path logs) {
        this.logs = logs;
    }

    /// Starts a process.
    ///
    /// @param name of the child and, with `.log` after it, of its output's file
    /// @param environment in addition to our own, without what would configure a child by accident
    public synchronized Child start(
            String name, List<String> command, Map<String, String> environment) {
        if (closed) {
            throw new CommandFailure(ExitCode.FAILURE, "%s: not started, we end".formatted(name));
        }
        try {
            Path log = logs.resolve(name + ".log");
            Files.createDirectories(log.getParent());
            ProcessBuilder builder =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().keySet().removeIf(variable -> variable.startsWith("EBB_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            process.getOutputStream().close();
            Child child = new Child(name, process, log);
            children.removeIf(Child::hasEnded);
            children.add(child);
            return child;
        } catch (IOException e) {
            throw new CommandFailure(
                    ExitCode.SOFTWARE, "%s: cannot be started: %s".formatted(name, e), e);
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        List<ProcessHandle> all = new ArrayList<>();
        for (Child child : children) {
            all.addAll(child.tree());
        }
        all.forEach(ProcessHandle::destroyForcibly);
        long end = System.nanoTime() + END.toNanos();
        for (ProcessHandle process : all) {
            awaitEnd(process, end);
        }
    }

    private static void awaitEnd(ProcessHandle process, long end) {
        while (Child.runs(process) && System.nanoTime() < end) {
            try {
                Thread.sleep(5);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }
}
