package dev.ebb.cli;

import dev.ebb.cli.terminal.OutputFormat;
import picocli.CommandLine.Option;

/// `--output`, for the commands whose answer programs may read.
final class OutputOption {
    @Option(
            names = {"-o", "--output"},
            paramLabel = "FORMAT",
            defaultValue = "table",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}.")
    private OutputFormat format = OutputFormat.TABLE;

    OutputFormat format() {
        return format;
    }
}
