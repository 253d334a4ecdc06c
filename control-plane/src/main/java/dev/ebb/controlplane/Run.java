package dev.ebb.controlplane;

import dev.ebb.controlplane.kubernetes.NoClusterException;
import dev.ebb.controlplane.registry.RegistryException;
import dev.ebb.lifecycle.ExitCode;
import dev.ebb.lifecycle.Signals;
import dev.ebb.lifecycle.Version;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;

/// One run of a control plane as a process: from its settings to its exit code.
final class Run {
    private final @Nullable CommandSpec spec;
    private final CountDownLatch signalled = new CountDownLatch(1);

    Run(@Nullable CommandSpec spec) {
        this.spec = spec;
    }

    /// Runs until TERM or INT, unless there are problems or it cannot start.
    int run(List<String> problems, Making making) throws InterruptedException {
        if (!problems.isEmpty()) {
            problems.forEach(this::complain);
            return ExitCode.USAGE;
        }
        try {
            return run(making.make(Version.text()));
        } catch (NoClusterException e) {
            complain(e.getMessage());
            return ExitCode.CONFIG;
        }
    }

    private int run(ControlPlane controlPlane) throws InterruptedException {
        Signals.handle(List.of("TERM", "INT"), this::received);
        try {
            controlPlane.start();
            signalled.await();
            return ExitCode.OK;
        } catch (RegistryException e) {
            complain(e.getMessage());
            return ExitCode.CONFIG;
        } catch (IOException e) {
            complain(e.getMessage());
            return ExitCode.FAILURE;
        } finally {
            controlPlane.shutDown();
        }
    }

    /// The first signal ends the process in order; INT again, at once.
    private void received(String signal, int count) {
        if (signal.equals("INT") && count > 1) {
            Runtime.getRuntime().halt(ExitCode.INTERRUPTED);
        }
        signalled.countDown();
    }

    private void complain(@Nullable String problem) {
        if (spec != null) {
            spec.commandLine().getErr().println("ebb-control-plane: " + problem);
        }
    }

    /// Makes the control plane of a version; nothing of it runs yet.
    interface Making {
        ControlPlane make(String version) throws NoClusterException;
    }
}
