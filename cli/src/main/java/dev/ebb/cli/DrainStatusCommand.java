package dev.ebb.cli;

import dev.ebb.cli.inspect.DeparturesReport;
import dev.ebb.cli.inspect.InspectClient;
import dev.ebb.cli.terminal.CommandFailure;
import dev.ebb.lifecycle.ExitCode;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `ebb drain status [INSTANCE]`.
@Command(
        name = "status",
        description = "Show departures: who leaves, who is waited for, and since when.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ebb drain status",
            "  ebb drain status web-1 -o json",
            "  EBB_CONTROL_PLANE=10.0.0.7:8086 ebb drain status"
        })
final class DrainStatusCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "INSTANCE",
            arity = "0..1",
            defaultValue = "",
            description = "A uid or a name; all departures if it is left out.")
    private String instance = "";

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();
    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        try (InspectClient client = controlPlane.connect()) {
            DeparturesReport report = DeparturesReport.of(client.departures(instance));
            if (!instance.isEmpty() && report.departures().isEmpty()) {
                throw new CommandFailure(
                        ExitCode.NO_HOST,
                        "instance %s: no departure is known (expected: the uid or name of one that leaves or has left lately)"
                                .formatted(instance));
            }
            String text =
                    switch (output.format()) {
                        case TABLE -> report.table();
                        case JSON -> report.json();
                    };
            Objects.requireNonNull(spec).commandLine().getOut().print(text);
            return ExitCode.OK;
        }
    }
}
