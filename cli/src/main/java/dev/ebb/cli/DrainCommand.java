package dev.ebb.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ebb drain`: what concerns departures.
@Command(
        name = "drain",
        description = "See who leaves, and what a departure waits for.",
        synopsisSubcommandLabel = "COMMAND",
        footerHeading = "%nExample:%n",
        footer = "  ebb drain status web-1",
        subcommands = DrainStatusCommand.class)
final class DrainCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(spec.commandLine(), "no command (expected: status)");
        }
    }
}
