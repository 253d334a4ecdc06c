package dev.ebb.bench.process;

import java.time.Duration;
import java.util.List;

/// Reads the texts that Linux offers below `/proc`; pure. Formats: proc(5).
final class ProcFiles {

    /// The kernel reports times in units of 1/100 s to user space on every architecture that we run
    /// on.
    private static final Duration TICK = Duration.ofMillis(10);

    private static final int USER_TIME = 11;
    private static final int SYSTEM_TIME = 12;

    private ProcFiles() {}

    /// The CPU time of all threads of a process, ended ones too, from the text of `/proc/PID/stat`.
    static CpuTime cpu(String stat) {
        // The command is in parentheses and may itself hold blanks and parentheses.
        String[] fields = stat.substring(stat.lastIndexOf(')') + 1).strip().split(" ", -1);
        if (fields.length <= SYSTEM_TIME) {
            throw new IllegalArgumentException(
                    "/proc/PID/stat: \"" + stat.strip() + "\" (expected: utime and stime)");
        }
        return new CpuTime(
                TICK.multipliedBy(Long.parseLong(fields[USER_TIME])),
                TICK.multipliedBy(Long.parseLong(fields[SYSTEM_TIME])));
    }

    /// The bytes in memory, from the lines of `/proc/PID/status`.
    static long residentBytes(List<String> status) {
        return kibibytes(valueOf("VmRSS", status)) * 1024;
    }

    /// The name of the first CPU, from the lines of `/proc/cpuinfo`.
    static String cpuModel(List<String> cpuinfo) {
        return valueOf("model name", cpuinfo);
    }

    private static long kibibytes(String value) {
        return Long.parseLong(value.replace(" kB", ""));
    }

    private static String valueOf(String key, List<String> lines) {
        for (String line : lines) {
            int colon = line.indexOf(':');
            if (colon > 0 && line.substring(0, colon).strip().equals(key)) {
                return line.substring(colon + 1).strip();
            }
        }
        throw new IllegalArgumentException("no line \"" + key + ":\" in a file of /proc");
    }
}
