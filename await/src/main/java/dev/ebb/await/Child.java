package dev.ebb.await;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// The command as a child of this process. Thread-safe.
final class Child {

    private final int pid;
    private final @Nullable Terminal terminal;

    /// Whether the process id is still the command's: from the moment that a child is reaped, the
    /// kernel may give its id to another process.
    private boolean reaped;

    private Child(int pid, @Nullable Terminal terminal) {
        this.pid = pid;
        this.terminal = terminal;
    }

    /// Starts the command; null if that failed, which has been said.
    static @Nullable Child start(List<String> command) {
        Terminal terminal = Terminal.ifInForeground();
        int pid = Command.spawn(command, terminal == null ? Posix.Group.SAME : Posix.Group.OWN);
        if (pid == 0) {
            return null;
        }
        if (terminal != null) {
            terminal.giveTo(pid);
        }
        return new Child(pid, terminal);
    }

    /// Sends a signal to the command; does nothing if it has ended.
    synchronized void signal(int number) {
        if (reaped) {
            return;
        }
        if (number == Posix.SIGCONT && terminal != null) {
            terminal.giveTo(pid);
        } else {
            Posix.kill(pid, number);
        }
    }

    /// Waits for the end of the command and returns its code, 128+n if signal n ended it. On the
    /// way it reaps every other child: as process 1 this process inherits all orphans.
    int awaitEnd() {
        while (true) {
            Posix.ChildChange change = Posix.awaitChildChange();
            boolean command = change.pid() == pid;
            reap(change);
            if (command && terminal != null) {
                terminal.takeBack();
            }
            if (command && !change.stopped()) {
                return change.exitCode();
            } else if (command && terminal != null) {
                // Ctrl-Z: to the shell, the command and this process are one job. The shell's CONT
                // will be forwarded.
                Posix.stopSelf();
            }
        }
    }

    private synchronized void reap(Posix.ChildChange change) {
        Posix.reap(change.pid());
        reaped = reaped || (change.pid() == pid && !change.stopped());
    }
}
