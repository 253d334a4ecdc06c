package dev.ebb.await;

import java.util.List;

/// Starts the command.
final class Command {

    private Command() {}

    /// Makes this process the command. Returns only if that fails.
    static int exec(List<String> command) {
        Posix.clearSignalMask();
        Descriptors.closeOnExec();
        int errno = Posix.exec(Argv.of(command));
        Stderr.say(
                "Failed to exec child program: " + command.get(0) + ": " + Posix.describe(errno));
        return ExitCode.OS_ERROR;
    }

    /// Starts the command as a child.
    ///
    /// @return its process id, or 0 if that failed, which has been said
    static int spawn(List<String> command, Posix.Group group) {
        // The child inherits both from this thread and process.
        Posix.clearSignalMask();
        Descriptors.closeOnExec();
        // Were CHLD ignored, as a careless parent can leave it, the exit code would be lost.
        Posix.defaultAction(Posix.SIGCHLD);
        int pidOrErrno = Posix.spawn(Argv.of(command), group);
        if (pidOrErrno > 0) {
            return pidOrErrno;
        }
        Stderr.say(
                "Failed to fork child program: "
                        + command.get(0)
                        + ": "
                        + Posix.describe(-pidOrErrno));
        return 0;
    }
}
