package dev.ebb.await;

/// What the program exits with when it is not the command's own code; by `sysexits.h`.
final class ExitCode {

    static final int OK = 0;

    /// EX_USAGE: the command line is wrong.
    static final int USAGE = 64;

    /// EX_UNAVAILABLE: the proxy did not become ready in time.
    static final int UNAVAILABLE = 69;

    /// EX_OSERR: the command could not be started.
    static final int OS_ERROR = 71;

    private ExitCode() {}

    /// Ended by a signal, as shells report it.
    static int killedBy(int signal) {
        return 128 + signal;
    }
}
