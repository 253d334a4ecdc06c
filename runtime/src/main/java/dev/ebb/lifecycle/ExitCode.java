package dev.ebb.lifecycle;

/// What Ebb's programs exit with; 64 and up by `sysexits.h`.
public final class ExitCode {

    /// All went as it should, a full drain included.
    public static final int OK = 0;

    /// A start that failed, other than by its configuration; or the answer to a command is "no".
    public static final int FAILURE = 1;

    /// EX_USAGE: the configuration or command line is wrong.
    public static final int USAGE = 64;

    /// EX_DATAERR: a file that a user named is not what it should be.
    public static final int DATA = 65;

    /// EX_NOHOST: the destination or instance that a user named is not known.
    public static final int NO_HOST = 68;

    /// EX_UNAVAILABLE: something that is needed does not answer.
    public static final int UNAVAILABLE = 69;

    /// EX_SOFTWARE: an error of ours.
    public static final int SOFTWARE = 70;

    /// EX_CANTCREAT: a file that a user wants written cannot be.
    public static final int CANNOT_CREATE = 73;

    /// EX_IOERR: reading or writing has failed in the middle.
    public static final int IO = 74;

    /// EX_CONFIG: a configuration file is wrong.
    public static final int CONFIG = 78;

    /// Ended by INT, as a shell reports it.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
