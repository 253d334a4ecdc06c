package dev.ebb.e2e.app;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;

/// `crash --pod=UID`: ends the Java programs of another pod on this node as a crash does, with
/// KILL, when it gets its own TERM. It needs the processes of the node (`hostPID`) and their user.
/// Writes `armed` when it has found them, and `killed` with how many there were.
final class CrashApp {
    private static final int NOT_FOUND = 69;

    private CrashApp() {}

    static void run(Options options) throws InterruptedException {
        String pod = options.requiredText("pod");
        options.finish();
        List<ProcessHandle> victims =
                ProcessHandle.allProcesses().filter(each -> isProgramOf(pod, each)).toList();
        if (victims.isEmpty()) {
            System.err.println("ebb-testapp: no Java program of pod " + pod + " on this node");
            System.exit(NOT_FOUND);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> kill(victims), "term"));
        Journal.write("armed");
        new CountDownLatch(1).await();
    }

    private static void kill(List<ProcessHandle> victims) {
        Journal.write("killed", victims.stream().filter(ProcessHandle::destroyForcibly).count());
    }

    /// A pod has other processes, too: the one that holds its network stays.
    private static boolean isProgramOf(String pod, ProcessHandle process) {
        Path directory = Path.of("/proc", String.valueOf(process.pid()));
        try {
            return Files.readSymbolicLink(directory.resolve("exe")).endsWith("bin/java")
                    && Files.readString(directory.resolve("cgroup"), StandardCharsets.UTF_8)
                            .replace('_', '-')
                            .contains("pod" + pod);
        } catch (IOException e) {
            // It has ended since, or belongs to another user.
            return false;
        }
    }
}
