package dev.ebb.bench.process;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the figures were measured on.
public record Machine(String cpu, int cores, String kernel, String java) {

    public static Machine local() throws IOException {
        return new Machine(
                ProcFiles.cpuModel(Files.readAllLines(Path.of("/proc/cpuinfo"))),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.version"),
                Runtime.version().toString());
    }

    /// How many tasks wanted a core over the last minute.
    public static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
