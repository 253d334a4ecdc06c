package dev.ebb.await;

import java.io.File;

/// The file descriptors of this process. The command gets stdin, stdout and stderr; the JVM has
/// others open (its modules, our jar) that are none of its business.
final class Descriptors {

    private static final int FIRST = 3;

    private Descriptors() {}

    /// Makes the kernel close all but the first three when a program is executed.
    static void closeOnExec() {
        // CLOSE_RANGE_CLOEXEC came with Linux 5.11, and seccomp filters may refuse it.
        if (!Posix.closeOnExecFrom(FIRST)) {
            closeEachOnExec();
        }
    }

    /// The same without `close_range`.
    static void closeEachOnExec() {
        String[] open = new File("/proc/self/fd").list();
        if (open == null) {
            return;
        }
        for (String name : open) {
            int descriptor = Integer.parseInt(name);
            if (descriptor >= FIRST) {
                Posix.closeOnExec(descriptor);
            }
        }
    }
}
