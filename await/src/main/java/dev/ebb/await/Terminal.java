package dev.ebb.await;

import org.jspecify.annotations.Nullable;

/// The terminal that this process has been started from, while it is in the terminal's foreground.
///
/// Ctrl-C signals every process of the foreground group. If the command were in ours it would get
/// INT twice, once by the key and once forwarded, and many programs take the second for impatience.
/// So the command gets a group of its own and, as it must be able to read, the terminal with it;
/// the keys then signal the command alone.
final class Terminal {

    private final int descriptor;
    private final int ourGroup;

    /// The command's; 0 before it has been given the terminal.
    private volatile int commandGroup;

    private Terminal(int descriptor, int ourGroup) {
        this.descriptor = descriptor;
        this.ourGroup = ourGroup;
    }

    /// Null if there is no terminal or another job has it, as everywhere but in an interactive
    /// shell and under `docker run -t`.
    static @Nullable Terminal ifInForeground() {
        int descriptor = Posix.openTerminal();
        int ourGroup = Posix.processGroup();
        if (descriptor < 0 || Posix.foregroundGroup(descriptor) != ourGroup) {
            return null;
        }
        return new Terminal(descriptor, ourGroup);
    }

    /// Puts the command's group into the foreground, if ours is there, and lets it go on.
    void giveTo(int group) {
        commandGroup = group;
        if (Posix.foregroundGroup(descriptor) == ourGroup) {
            Posix.foregroundGroup(descriptor, group);
        }
        // It may have been stopped because it read before the terminal was its own.
        Posix.kill(group, Posix.SIGCONT);
    }

    /// Puts our group into the foreground again, if the command's is there.
    void takeBack() {
        if (Posix.foregroundGroup(descriptor) == commandGroup) {
            // Whoever does this from the background is stopped by TTOU, unless it is ignored.
            Posix.ignore(Posix.SIGTTOU);
            Posix.foregroundGroup(descriptor, ourGroup);
        }
    }
}
