package dev.ebb.e2e.app;

import java.io.IOException;
import java.util.List;

/// The program in the image `ebb-testapp`: `web`, `load`, `relay`, `job` or `crash`, then
/// `--name=value` options. A wrong command line is exit 64 with one line.
public final class Main {
    private static final int USAGE = 64;

    private Main() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        try {
            run(args.length == 0 ? "" : args[0], Options.parse(List.of(args).stream().skip(1)));
        } catch (Options.UsageException e) {
            System.err.println("ebb-testapp: " + e.getMessage());
            System.exit(USAGE);
        }
    }

    private static void run(String command, Options options)
            throws IOException, InterruptedException {
        switch (command) {
            case "web" -> WebApp.start(options);
            case "load" -> LoadApp.start(options);
            case "relay" -> RelayApp.run(options);
            case "crash" -> CrashApp.run(options);
            case "job" -> System.exit(JobApp.run(options));
            default ->
                    throw new Options.UsageException(
                            "\"%s\" (expected: web, load, relay, job or crash)".formatted(command));
        }
    }
}
