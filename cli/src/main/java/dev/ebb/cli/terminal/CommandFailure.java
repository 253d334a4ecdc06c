package dev.ebb.cli.terminal;

import java.io.Serial;

/// A command cannot go on. The message names the thing and what was expected; a user sees it
/// without a stack trace.
public final class CommandFailure extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final int exitCode;

    public CommandFailure(int exitCode, String message) {
        super(message);
        this.exitCode = exitCode;
    }

    public CommandFailure(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    public int exitCode() {
        return exitCode;
    }
}
