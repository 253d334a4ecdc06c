package dev.ebb.cli;

import dev.ebb.cli.terminal.Answer;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import dev.ebb.lifecycle.ExitCode;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/// Runs one command of `ebb` and exits with its code (sysexits.h). What goes wrong is one line on
/// standard error that names the thing and what was expected, never a stack trace.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // grpc-java and Netty log through java.util.logging here; their words are not for users.
        Logger.getLogger("").setLevel(Level.OFF);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(new FileOutputStream(FileDescriptor.out), err, args));
    }

    static int run(OutputStream out, PrintWriter err, String... args) {
        Answer answer = new Answer(out);
        CommandLine command = commandLine(answer.writer(), err);
        int code = command.execute(args);
        Optional<String> problem = answer.problem();
        problem.ifPresent(why -> complain(command, "standard output: " + why));
        return problem.isPresent() ? ExitCode.IO : code;
    }

    private static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        CommandLine commandLine = new CommandLine(new EbbCommand());
        formHelp(commandLine);
        return commandLine
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30)
                .registerConverter(Duration.class, DurationText::parse)
                .registerConverter(InetSocketAddress.class, AddressText::parse)
                .setParameterExceptionHandler((failure, _) -> usageFailure(failure))
                .setExecutionExceptionHandler(
                        (failure, command, _) -> executionFailure(failure, command));
    }

    /// The same headings for each command, and no list of all options in front of the list of them.
    private static void formHelp(CommandLine command) {
        command.getCommandSpec()
                .usageMessage()
                .descriptionHeading("%n")
                .parameterListHeading("%nArguments:%n")
                .optionListHeading("%nOptions:%n")
                .commandListHeading("%nCommands:%n")
                .abbreviateSynopsis(true);
        command.getSubcommands().values().forEach(Main::formHelp);
    }

    private static int usageFailure(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        String name = command.getCommandSpec().qualifiedName();
        complain(command, "%s; see %s --help".formatted(UsageFailure.text(failure), name));
        return ExitCode.USAGE;
    }

    private static int executionFailure(Exception failure, CommandLine command) {
        if (failure instanceof CommandFailure known) {
            complain(command, String.valueOf(known.getMessage()));
            return known.exitCode();
        }
        complain(command, "a defect in Ebb: " + failure);
        return ExitCode.SOFTWARE;
    }

    /// Words of a user or of a peer may be among these; they must not steer a terminal.
    private static void complain(CommandLine command, String words) {
        StringBuilder line = new StringBuilder(command.getCommandSpec().qualifiedName());
        line.append(": ");
        words.chars()
                .map(c -> Character.isISOControl(c) && c != '\n' ? '?' : c)
                .forEach(c -> line.append((char) c));
        command.getErr().println(line);
    }
}
