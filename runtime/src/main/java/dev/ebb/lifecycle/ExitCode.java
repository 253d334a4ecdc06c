package dev.ebb.lifecycle;

/// What Ebb's processes exit with; 64 and up by `sysexits.h`.
public final class ExitCode {

    /// All went as it should, a full drain included.
    public static final int OK = 0;

    /// A start that failed, other than by its configuration.
    public static final int FAILURE = 1;

    /// EX_USAGE: the configuration or command line is wrong.
    public static final int USAGE = 64;

    /// EX_UNAVAILABLE: something that is needed does not answer.
    public static final int UNAVAILABLE = 69;

    /// EX_SOFTWARE: an error of ours.
    public static final int SOFTWARE = 70;

    /// EX_OSERR: the system refused something, such as starting a program.
    public static final int OS_ERROR = 71;

    /// EX_NOPERM: not allowed.
    public static final int NO_PERMISSION = 77;

    /// EX_CONFIG: a configuration file is wrong.
    public static final int CONFIG = 78;

    /// Ended by INT, as a shell reports it.
    public static final int INTERRUPTED = 130;

    private ExitCode() {}
}
