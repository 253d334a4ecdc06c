package dev.ebb.controlplane;

import dev.ebb.lifecycle.ExitCode;
import dev.ebb.lifecycle.Version;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// `ebb-control-plane`: command line to exit code.
@Command(
        name = "ebb-control-plane",
        description = "Streams endpoints and departures to Ebb's proxies.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.VersionLine.class,
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StandaloneCommand.class, KubernetesCommand.class})
public final class Main {

    private Main() {}

    /// Runs the program and exits with its code.
    public static void main(String[] arguments) {
        System.exit(run(arguments));
    }

    private static int run(String[] arguments) {
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        CommandLine commandLine = new CommandLine(new Main());
        return commandLine
                .setErr(err)
                .setParameterExceptionHandler(Main::usageError)
                .setExecutionExceptionHandler((failure, _, _) -> {
                    err.println("ebb-control-plane: " + failure.getMessage());
                    return ExitCode.SOFTWARE;
                })
                .execute(arguments);
    }

    /// One line that says what was wrong, one that says where to read on.
    private static int usageError(ParameterException error, String[] arguments) {
        PrintWriter err = error.getCommandLine().getErr();
        String command = error.getCommandLine().getCommandSpec().qualifiedName();
        err.println(command + ": " + error.getMessage() + expected(error));
        err.println("Try \"" + command + " --help\".");
        return ExitCode.USAGE;
    }

    private static String expected(ParameterException error) {
        return switch (error) {
            case UnmatchedArgumentException unknown when !unknown.getSuggestions().isEmpty() ->
                    " (expected: " + String.join(" or ", unknown.getSuggestions()) + ")";
            case UnmatchedArgumentException _ -> " (expected: what --help lists)";
            default -> "";
        };
    }

    /// What `--version` prints.
    static final class VersionLine implements CommandLine.IVersionProvider {

        @Override
        public String[] getVersion() {
            return new String[] {"ebb-control-plane " + Version.text()};
        }
    }
}
