package dev.ebb.cli;

import dev.ebb.cli.inspect.EndpointsReport;
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

/// `ebb endpoints DESTINATION`.
@Command(
        name = "endpoints",
        description = "Show who serves a destination, as the control plane publishes it now.",
        footerHeading = "%nExamples:%n",
        footer = {
            "  ebb endpoints web.demo:80",
            "  ebb endpoints web.demo:80 -o json --control-plane 127.0.0.1:8086"
        })
final class EndpointsCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Parameters(
            paramLabel = "DESTINATION",
            description = "host:port, the name that clients ask for.")
    private String destination = "";

    @Mixin private final ControlPlaneOption controlPlane = new ControlPlaneOption();
    @Mixin private final OutputOption output = new OutputOption();

    @Override
    public Integer call() {
        try (InspectClient client = controlPlane.connect()) {
            EndpointsReport report =
                    client.endpoints(destination)
                            .map(answer -> EndpointsReport.of(destination, answer))
                            .orElseThrow(this::unknown);
            String text =
                    switch (output.format()) {
                        case TABLE -> report.table();
                        case JSON -> report.json();
                    };
            Objects.requireNonNull(spec).commandLine().getOut().print(text);
            return ExitCode.OK;
        }
    }

    private CommandFailure unknown() {
        return new CommandFailure(
                ExitCode.NO_HOST,
                "destination %s: not known to the control plane (expected: host:port of a Service, of a service in the registry file or of a registered proxy)"
                        .formatted(destination));
    }
}
