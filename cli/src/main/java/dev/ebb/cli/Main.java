package dev.ebb.cli;

import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import dev.ebb.lifecycle.ExitCode;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Function;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Runs one command of `ebb` and exits with its code (sysexits.h). What goes wrong is one line on
/// standard error that names the thing and what was expected, never a stack trace.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        // grpc-java and Netty log through java.util.logging here; their words are not for users.
        Logger.getLogger("").setLevel(Level.OFF);
        PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
        PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
        System.exit(run(out, err, args));
    }

    static int run(PrintWriter out, PrintWriter err, String... args) {
        int code = commandLine(out, err).execute(args);
        out.flush();
        return code;
    }

    private static CommandLine commandLine(PrintWriter out, PrintWriter err) {
        return new CommandLine(new EbbCommand())
                .setOut(out)
                .setErr(err)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setAbbreviatedOptionsAllowed(false)
                .setUsageHelpAutoWidth(true)
                .setUsageHelpLongOptionsMaxWidth(30)
                .registerConverter(
                        Duration.class, converter(DurationText.EXPECTED, DurationText::parse))
                .registerConverter(
                        InetSocketAddress.class,
                        converter(AddressText.EXPECTED_HOST, AddressText::parse))
                .setParameterExceptionHandler((failure, _) -> usageFailure(failure))
                .setExecutionExceptionHandler(
                        (failure, command, _) -> executionFailure(failure, command));
    }

    private static <T> ITypeConverter<T> converter(String expected, Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(
                        "\"%s\" (expected: %s)".formatted(text, expected));
            }
        };
    }

    private static int usageFailure(ParameterException failure) {
        CommandLine command = failure.getCommandLine();
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        err.printf("%s: %s%n", name, failure.getMessage());
        UnmatchedArgumentException.printSuggestions(failure, err);
        err.printf("See `%s --help`.%n", name);
        return ExitCode.USAGE;
    }

    private static int executionFailure(Exception failure, CommandLine command) {
        PrintWriter err = command.getErr();
        String name = command.getCommandSpec().qualifiedName();
        if (failure instanceof CommandFailure known) {
            err.printf("%s: %s%n", name, known.getMessage());
            return known.exitCode();
        }
        err.printf("%s: a defect in Ebb: %s%n", name, failure);
        return ExitCode.SOFTWARE;
    }
}
