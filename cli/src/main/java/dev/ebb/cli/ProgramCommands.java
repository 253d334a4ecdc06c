package dev.ebb.cli;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import picocli.CommandLine.Command;

/// The single programs. The `ebb` launcher executes them itself, so that signals reach them and no
/// second JVM stands around; they are commands here so that the help lists them.
final class ProgramCommands {
    private ProgramCommands() {}

    private static CommandFailure notThroughLauncher(String program) {
        return new CommandFailure(
                ExitCode.USAGE,
                "started without its launcher (expected: ./ebb %s, which executes the program itself)"
                        .formatted(program));
    }

    @Command(
            name = "proxy",
            description = "Run a proxy; settings are EBB_PROXY_* (docs/operations.md).")
    static final class Proxy implements Runnable {
        @Override
        public void run() {
            throw notThroughLauncher("proxy");
        }
    }

    @Command(
            name = "control-plane",
            description = "Run a control plane; see ebb control-plane --help.")
    static final class ControlPlane implements Runnable {
        @Override
        public void run() {
            throw notThroughLauncher("control-plane");
        }
    }

    @Command(
            name = "await",
            description = "Wait for the proxy, run a command, end the proxy; see ebb await --help.")
    static final class Await implements Runnable {
        @Override
        public void run() {
            throw notThroughLauncher("await");
        }
    }
}
