package dev.ebb.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/// `ebb` itself: it only tells which commands there are.
@Command(
        name = "ebb",
        synopsisSubcommandLabel = "COMMAND",
        description = "A service mesh in which a pod can go away and no request is lost.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ebb demo                     see the difference on this machine",
            "  ebb endpoints web.demo:80    who serves a destination",
            "  ebb drain status             who leaves, and who is waited for",
            "",
            "Exit codes: 0 done, 1 the answer is no, 64 usage, 65 bad input, 68 unknown name,",
            "69 control plane unavailable, 70 defect, 73 cannot create, 74 input or output failed."
        },
        subcommands = {
            DemoCommand.class,
            EndpointsCommand.class,
            DrainCommand.class,
            VersionCommand.class,
            ProgramCommands.Proxy.class,
            ProgramCommands.ControlPlane.class,
            ProgramCommands.Await.class
        })
final class EbbCommand implements Runnable {
    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help and exit.")
    @SuppressWarnings("unused") // picocli sees that it was given; nothing else asks.
    private boolean help;

    @Override
    public void run() {
        if (spec != null) {
            CommandLine command = spec.commandLine();
            throw new ParameterException(
                    command,
                    "no command (expected: %s)".formatted(UsageFailure.commandsOf(command)));
        }
    }
}
