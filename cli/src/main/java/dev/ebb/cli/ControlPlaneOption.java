package dev.ebb.cli;

import dev.ebb.cli.inspect.InspectClient;
import dev.ebb.env.AddressText;
import java.net.InetSocketAddress;
import java.time.Duration;
import picocli.CommandLine.Option;

/// `--control-plane`, for the commands that ask one.
final class ControlPlaneOption {
    private static final Duration TIME_LIMIT = Duration.ofSeconds(3);

    @Option(
            names = "--control-plane",
            paramLabel = "HOST:PORT",
            defaultValue = "${env:EBB_CONTROL_PLANE:-127.0.0.1:8086}",
            description = {
                "The control plane to ask (env EBB_CONTROL_PLANE).",
                "Default: ${DEFAULT-VALUE}."
            })
    private InetSocketAddress address = AddressText.parse("127.0.0.1:8086");

    InspectClient connect() {
        return new InspectClient(address, TIME_LIMIT);
    }
}
