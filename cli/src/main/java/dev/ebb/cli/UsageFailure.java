package dev.ebb.cli;

import dev.ebb.env.AddressText;
import dev.ebb.env.DurationText;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// What is wrong with a command line, in one line: the thing, what it is, what was expected.
final class UsageFailure {
    private UsageFailure() {}

    static String text(ParameterException failure) {
        return switch (failure) {
            case UnmatchedArgumentException unmatched -> unmatched(unmatched);
            case MissingParameterException missing when !missing.getMissing().isEmpty() ->
                    missing(missing.getMissing().getFirst());
            default -> invalid(failure);
        };
    }

    /// The parser's own suggestions are left out: they propose what is not alike.
    private static String unmatched(UnmatchedArgumentException failure) {
        CommandLine command = failure.getCommandLine();
        String word = failure.getUnmatched().getFirst();
        if (failure.isUnknownOption()) {
            return "%s: no such option (expected: %s)".formatted(word, optionsOf(command));
        }
        return command.getSubcommands().isEmpty()
                ? word + ": one argument too many"
                : "%s: no such command (expected: %s)".formatted(word, commandsOf(command));
    }

    /// The commands below one, for a message.
    static String commandsOf(CommandLine command) {
        return String.join(", ", command.getSubcommands().keySet());
    }

    private static String optionsOf(CommandLine command) {
        StringJoiner names = new StringJoiner(", ");
        for (OptionSpec option : command.getCommandSpec().options()) {
            names.add(option.longestName());
        }
        return names.toString();
    }

    private static String missing(ArgSpec argument) {
        return "%s: missing (expected: %s)".formatted(name(argument), form(argument));
    }

    private static String invalid(ParameterException failure) {
        ArgSpec argument = failure.getArgSpec();
        String value = failure.getValue();
        return argument == null || value == null
                ? String.valueOf(failure.getMessage())
                : invalid(argument, value, form(argument));
    }

    /// The one form of these messages.
    static String invalid(ArgSpec argument, String value, String expected) {
        return "%s: \"%s\" (expected: %s)".formatted(name(argument), value, expected);
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String form(ArgSpec argument) {
        Iterable<String> candidates = argument.completionCandidates();
        if (candidates != null) {
            return String.join(" or ", candidates);
        }
        @Nullable String form = form(argument.auxiliaryTypes()[0]);
        return form == null ? String.join(" ", argument.description()) : form;
    }

    private static @Nullable String form(Class<?> type) {
        if (type == Duration.class) {
            return DurationText.EXPECTED;
        }
        if (type == InetSocketAddress.class) {
            return AddressText.EXPECTED_HOST;
        }
        return type == int.class ? "a whole number" : null;
    }
}
