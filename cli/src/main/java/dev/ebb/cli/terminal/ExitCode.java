package dev.ebb.cli.terminal;

/// The exit codes of `ebb`, after sysexits.h.
public final class ExitCode {
    public static final int OK = 0;

    /// The command ran and its answer is "no": the demo lost a request.
    public static final int FAILED = 1;

    public static final int USAGE = 64;

    /// Input that a user named is not what it should be.
    public static final int DATA = 65;

    /// The destination or instance that was named is not known.
    public static final int NO_HOST = 68;

    public static final int UNAVAILABLE = 69;
    public static final int SOFTWARE = 70;
    public static final int IO = 74;

    private ExitCode() {}
}
