package dev.ebb.await;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The program `ebb-await`: reads the command line, does what it says, exits.
///
/// Users wait for this program at the start of their containers, so nothing on the way to the
/// command uses lambdas, regular expressions, concatenation by invokedynamic or a library: in a JVM
/// that has just started each shows. docs/await.md has the figures.
public final class Main {

    private Main() {}

    public static void main(String[] args) {
        System.exit(run(args));
    }

    private static int run(String[] args) {
        Options options;
        try {
            options = OptionsParser.parse(args, System.getenv("EBB_AWAIT_VERBOSE"));
        } catch (UsageException e) {
            Stderr.say(e.getMessage() + "; see ebb-await --help");
            return ExitCode.USAGE;
        }
        return switch (options.request()) {
            case HELP -> print(Usage.TEXT);
            case VERSION -> print("ebb-await " + version() + "\n");
            case RUN -> await(options);
        };
    }

    private static int await(Options options) {
        String disabled = disabledBy("EBB_AWAIT_DISABLED");
        if (disabled == null) {
            disabled = disabledBy("EBB_DISABLED");
        }
        if (disabled == null) {
            return new Await(options).run();
        }
        if (options.verbose()) {
            Stderr.say("skipped, because " + disabled);
        }
        return options.command().isEmpty() ? ExitCode.OK : Command.exec(options.command());
    }

    private static @Nullable String disabledBy(String variable) {
        String value = System.getenv(variable);
        return value == null || value.isEmpty() ? null : variable + "=" + value;
    }

    private static String version() {
        String version = Main.class.getPackage().getImplementationVersion();
        return version == null ? "unknown" : version;
    }

    private static int print(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        System.out.write(bytes, 0, bytes.length);
        System.out.flush();
        return ExitCode.OK;
    }
}
