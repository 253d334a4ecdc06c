package dev.ebb.bench;

import dev.ebb.bench.report.JsonReport;
import dev.ebb.bench.report.Result;
import dev.ebb.bench.report.TextReport;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParseResult;

/// The command line of the measurements. Exits 0 if every request was answered, 1 if not, 64 for a
/// bad argument.
@Command(
        name = "bench-quick",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Measures Ebb's proxy and its peers side by side, on loopback.")
public final class Main implements Callable<Integer> {

    private static final int USAGE = 64;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "Rounds over all proxies. Default: ${DEFAULT-VALUE}")
    private int rounds = 5;

    @Option(
            names = "--only",
            split = ",",
            description = "Measures these only: ebb, ebb-out, envoy, haproxy, nginx.")
    private Set<String> only = new TreeSet<>();

    @Option(
            names = "--json",
            defaultValue = "bench/target/bench-quick.json",
            description = "Where the figures are written. Default: ${DEFAULT-VALUE}")
    private Path json = Path.of("bench/target/bench-quick.json");

    private Main() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new Main());
        line.getCommandSpec().exitCodeOnInvalidInput(USAGE);
        line.setExecutionExceptionHandler(Main::explain);
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Result result;
        try (QuickBench bench = QuickBench.prepare(Path.of(""), rounds, only)) {
            result = bench.run();
        }
        System.out.print("\n" + TextReport.render(result));
        Files.createDirectories(json.toAbsolutePath().getParent());
        Files.writeString(json, JsonReport.render(result));
        System.out.println("\nfigures: " + json);
        boolean clean = result.candidates().stream().allMatch(figures -> figures.errors() == 0);
        return clean ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
    }

    /// A run that breaks off is told by its message; it names the program and holds what that
    /// printed.
    private static int explain(Exception problem, CommandLine line, ParseResult arguments) {
        line.getErr().println("bench-quick: " + problem.getMessage());
        return CommandLine.ExitCode.SOFTWARE;
    }
}
