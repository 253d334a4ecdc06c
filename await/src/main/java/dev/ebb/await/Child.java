package dev.ebb.await;

/// The command as a child of this process. Thread-safe.
final class Child {

    private final int pid;

    /// Whether the process id is still the command's: from the moment that a child is reaped, the
    /// kernel may give its id to another process.
    private boolean reaped;

    Child(int pid) {
        this.pid = pid;
    }

    /// Sends a signal to the command; does nothing if it has ended.
    synchronized void signal(int number) {
        if (!reaped) {
            Posix.kill(pid, number);
        }
    }

    /// Waits for the end of the command and returns its code, 128+n if signal n ended it. On the
    /// way it reaps every other child: as process 1 this process inherits all orphans.
    int awaitEnd() {
        while (true) {
            Posix.ChildEnd end = Posix.awaitChildEnd();
            reap(end.pid());
            if (end.pid() == pid) {
                return end.exitCode();
            }
        }
    }

    private synchronized void reap(int ended) {
        Posix.reap(ended);
        reaped = reaped || ended == pid;
    }
}
