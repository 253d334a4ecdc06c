package dev.ebb.cli;

import dev.ebb.cli.demo.Demo;
import dev.ebb.cli.demo.DemoSettings;
import dev.ebb.cli.demo.Scenario;
import dev.ebb.cli.demo.report.Report;
import dev.ebb.cli.terminal.OutputFormat;
import dev.ebb.cli.terminal.Progress;
import dev.ebb.lifecycle.ExitCode;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `ebb demo`.
@Command(
        name = "demo",
        description = {
            "Show on this machine what Ebb is for.",
            "",
            "Replaces the replicas of a small web service under load, without Ebb, with a guessed wait, and with Ebb, and counts what was lost. All with real processes.",
            "",
            "Exits with 0 only if ebb lost and duplicated nothing and released no replica before the slow client knew, and plain lost something. This is asked of the scenarios that ran: if plain or ebb did not, a line \"not proved: ...\" on standard error says what the 0 leaves open."
        },
        sortOptions = false,
        footerHeading = "%nExamples:%n",
        footer = {
            "  ebb demo",
            "  ebb demo --slow-client 5s --output json",
            "  ebb demo --scenario ebb --rounds 5 --evidence /tmp/evidence",
            "  ebb demo --recompute /tmp/evidence",
            "  ebb demo --scenario ebb --keep"
        })
final class DemoCommand implements Callable<Integer> {
    private static final int MOST_PER_SECOND = 1000;
    private static final int MOST_ROUNDS = 1000;
    private static final Duration SLOWEST = Duration.ofMinutes(2);

    @Spec private @Nullable CommandSpec spec;

    @Option(
            names = "--scenario",
            split = ",",
            paramLabel = "NAME",
            defaultValue = "plain,sleep,ebb",
            description = "Which of: ${COMPLETION-CANDIDATES}. Default: all.")
    private List<Scenario> scenarios = List.of();

    @Option(
            names = "--slow-client",
            paramLabel = "TIME",
            defaultValue = "3s",
            description = "How late one of the two clients learns. Default: ${DEFAULT-VALUE}.")
    private Duration slowClient = Duration.ZERO;

    @Option(
            names = "--wait",
            paramLabel = "TIME",
            description = "What scenario sleep guesses. Default: half of --slow-client.")
    private @Nullable Duration guess;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "60",
            description = "Requests per second. Default: ${DEFAULT-VALUE}.")
    private int rate;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "2",
            description = "How often each replica is replaced. Default: ${DEFAULT-VALUE}.")
    private int rounds;

    @Mixin private final OutputOption output = new OutputOption();

    @Option(
            names = "--evidence",
            paramLabel = "DIR",
            description = "Keep in this new directory all that the result is made of.")
    private @Nullable Path evidence;

    @Option(
            names = "--recompute",
            paramLabel = "DIR",
            description = "Run nothing; judge the evidence of an earlier run again.")
    private @Nullable Path recompute;

    @Option(
            names = "--keep",
            description = "Leave the mesh of scenario ebb running, and say what to try.")
    private boolean keep;

    @Override
    public Integer call() throws InterruptedException {
        check();
        if (recompute != null) {
            return show(Demo.recompute(recompute));
        }
        int[] code = {ExitCode.SOFTWARE};
        try (Progress progress = new Progress(command().getErr(), stderr())) {
            new Demo(settings(), progress).run(report -> code[0] = show(report));
        }
        return code[0];
    }

    private DemoSettings settings() {
        return new DemoSettings(
                Path.of(System.getProperty("ebb.home", ".")).toAbsolutePath(),
                scenarios,
                slowClient,
                guess == null ? slowClient.dividedBy(2) : guess,
                rate,
                rounds,
                Optional.ofNullable(evidence),
                keep ? DemoSettings.After.KEEP : DemoSettings.After.END);
    }

    private void check() {
        expect(rate >= 1 && rate <= MOST_PER_SECOND, "--rate", "1 to " + MOST_PER_SECOND);
        expect(rounds >= 1 && rounds <= MOST_ROUNDS, "--rounds", "1 to " + MOST_ROUNDS);
        expect(slowClient.compareTo(SLOWEST) <= 0, "--slow-client", "at most 2m");
        expect(guess == null || guess.compareTo(SLOWEST) <= 0, "--wait", "at most 2m");
        expect(
                !keep || scenarios.contains(Scenario.EBB),
                "--scenario",
                "ebb among them, which --keep leaves running");
        expect(
                recompute == null || (evidence == null && !keep),
                "--recompute",
                "neither --evidence nor --keep beside it: nothing runs");
    }

    private void expect(boolean holds, String option, String expected) {
        if (!holds) {
            OptionSpec spec = command().getCommandSpec().findOption(option);
            String typed = String.join(",", spec.originalStringValues());
            throw new ParameterException(command(), UsageFailure.invalid(spec, typed, expected));
        }
    }

    private int show(Report report) {
        PrintWriter out = command().getOut();
        PrintWriter err = command().getErr();
        out.print(output.format() == OutputFormat.JSON ? report.json() : "\n" + report.table());
        out.flush();
        report.notes().forEach(err::println);
        report.problems().forEach(problem -> err.println("ebb demo: " + problem));
        return report.problems().isEmpty() ? ExitCode.OK : ExitCode.FAILURE;
    }

    /// The launcher knows whether standard error is a terminal; Java does not.
    private static Progress.Kind stderr() {
        return Boolean.getBoolean("ebb.terminal") ? Progress.Kind.TERMINAL : Progress.Kind.LINES;
    }

    private CommandLine command() {
        return Objects.requireNonNull(spec).commandLine();
    }
}
