package dev.ebb.cli;

import dev.ebb.lifecycle.ExitCode;
import dev.ebb.lifecycle.Version;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// `ebb version`.
@Command(
        name = "version",
        description = "Show the version of Ebb and of the Java that runs it.",
        footerHeading = "%nExample:%n",
        footer = "  ebb version")
final class VersionCommand implements Callable<Integer> {
    @Spec private @Nullable CommandSpec spec;

    @Override
    public Integer call() {
        Objects.requireNonNull(spec)
                .commandLine()
                .getOut()
                .printf("ebb %s (Java %s)%n", Version.text(), Runtime.version());
        return ExitCode.OK;
    }
}
