package dev.ebb.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the command line, in the forms that linkerd-await's users know: `-p 1`, `-p1`, `-p=1`,
/// `--port 1`, `--port=1`, `-Sv`. Options end at `--` or at the first word that is none.
final class OptionsParser {

    private static final int MAX_PORT = 65_535;

    private final String[] args;
    private int next;

    private Options.Request request = Options.Request.RUN;
    private String host = "127.0.0.1";
    private int port = 4191;
    private Duration backoff = Duration.ofSeconds(1);
    private Duration timeout = Duration.ZERO;
    private boolean timeoutFatal = true;
    private @Nullable String needsCommand;
    private boolean shutdown;
    private @Nullable Duration hold;
    private boolean verbose;

    private OptionsParser(String[] args) {
        this.args = args;
    }

    /// @param verbose the value of `EBB_AWAIT_VERBOSE`
    static Options parse(String[] args, @Nullable String verbose) throws UsageException {
        OptionsParser parser = new OptionsParser(args);
        parser.verbose = verbose != null && !verbose.isEmpty();
        return parser.parse();
    }

    private Options parse() throws UsageException {
        while (next < args.length && args[next].startsWith("-") && args[next].length() > 1) {
            String word = args[next++];
            if (word.equals("--")) {
                break;
            } else if (word.startsWith("--")) {
                parseLong(word);
            } else {
                parseShort(word);
            }
        }
        List<String> command = Arrays.asList(args).subList(next, args.length);
        if (request == Options.Request.RUN && needsCommand != null && command.isEmpty()) {
            throw new UsageException(needsCommand + ": no command (expected: a command to run)");
        }
        return new Options(
                request,
                new Options.Admin(host, port),
                new Options.Readiness(backoff, timeout, timeoutFatal),
                new Options.Ending(shutdown, hold),
                verbose,
                command);
    }

    private void parseLong(String word) throws UsageException {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        String attached = equals < 0 ? null : word.substring(equals + 1);
        switch (name) {
            case "--host" -> host = host(name, value(name, attached, "a host"));
            case "--timeout-fatal" -> {
                timeoutFatal = attached == null || bool(name, attached);
                needsCommand = name;
            }
            case "--hold" -> {
                hold = attached == null ? Duration.ZERO : duration(name, attached);
                needsCommand = name;
            }
            case "--port", "--backoff", "--timeout" -> valued(name, attached);
            default -> {
                if (attached != null) {
                    throw new UsageException(
                            name
                                    + ": \""
                                    + attached
                                    + "\" (expected: "
                                    + flagOrNothing(name)
                                    + ")");
                }
                flag(name);
            }
        }
    }

    /// One letter or several; the first that takes a value takes the rest of the word as such.
    private void parseShort(String word) throws UsageException {
        for (int i = 1; i < word.length(); i++) {
            String name = longName(word.charAt(i), word);
            if (name.equals("--port") || name.equals("--backoff") || name.equals("--timeout")) {
                String rest = word.substring(i + 1);
                String attached = rest.startsWith("=") ? rest.substring(1) : rest;
                valued(name, rest.isEmpty() ? null : attached);
                return;
            }
            flag(name);
        }
    }

    private void valued(String name, @Nullable String attached) throws UsageException {
        switch (name) {
            case "--port" -> port = port(name, value(name, attached, "a port"));
            case "--backoff" ->
                    backoff = duration(name, value(name, attached, DurationArgument.EXPECTED));
            default -> timeout = duration(name, value(name, attached, DurationArgument.EXPECTED));
        }
    }

    private void flag(String name) throws UsageException {
        switch (name) {
            case "--shutdown" -> {
                shutdown = true;
                needsCommand = name;
            }
            case "--verbose" -> verbose = true;
            case "--help" -> request = Options.Request.HELP;
            case "--version" -> request = Options.Request.VERSION;
            default -> throw unknown(name);
        }
    }

    private static String longName(char letter, String word) throws UsageException {
        return switch (letter) {
            case 'p' -> "--port";
            case 'b' -> "--backoff";
            case 't' -> "--timeout";
            case 'S' -> "--shutdown";
            case 'v' -> "--verbose";
            case 'h' -> "--help";
            case 'V' -> "--version";
            default -> throw unknown(word.length() == 2 ? word : "-" + letter);
        };
    }

    private String value(String name, @Nullable String attached, String expected)
            throws UsageException {
        if (attached != null) {
            return attached;
        }
        if (next == args.length) {
            throw new UsageException(name + ": no value (expected: " + expected + ")");
        }
        return args[next++];
    }

    private static String host(String name, String text) throws UsageException {
        boolean bracketed = text.startsWith("[") && text.endsWith("]");
        String host = bracketed ? text.substring(1, text.length() - 1) : text;
        if (host.isBlank() || host.indexOf('/') >= 0 || host.indexOf(' ') >= 0) {
            throw wrong(name, text, "a host such as 127.0.0.1 or ::1");
        }
        return host;
    }

    private static int port(String name, String text) throws UsageException {
        try {
            int port = Integer.parseInt(text);
            if (port > 0 && port <= MAX_PORT) {
                return port;
            }
        } catch (NumberFormatException e) {
            throw wrong(name, text, "a port from 1 to 65535");
        }
        throw wrong(name, text, "a port from 1 to 65535");
    }

    private static Duration duration(String name, String text) throws UsageException {
        Duration duration = DurationArgument.parse(text);
        if (duration == null) {
            throw wrong(name, text, DurationArgument.EXPECTED);
        }
        return duration;
    }

    private static boolean bool(String name, String text) throws UsageException {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, text, "true or false");
        };
    }

    private static UsageException wrong(String name, String text, String expected) {
        return new UsageException(name + ": \"" + text + "\" (expected: " + expected + ")");
    }

    private static UsageException unknown(String name) {
        return new UsageException(
                name
                        + ": unknown flag (expected: --host -p -b -t --timeout-fatal -S --hold -v"
                        + " -h -V)");
    }

    private static String flagOrNothing(String name) throws UsageException {
        return switch (name) {
            case "--shutdown", "--verbose", "--help", "--version" -> "no value";
            default -> throw unknown(name);
        };
    }
}
